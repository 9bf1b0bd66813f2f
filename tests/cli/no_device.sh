# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# No loader, no driver, and a name that more than one device has.
mkdir broken
: >broken/libvulkan.so.1
: >broken/libvulkan.so
run env LD_LIBRARY_PATH=broken assay devices
run env VK_DRIVER_FILES=/nowhere.json VK_ICD_FILENAMES=/nowhere.json assay verify 'relu/n1c3h8w9/-/i2/7'
run env VK_DRIVER_FILES=/nowhere.json VK_ICD_FILENAMES=/nowhere.json assay doctor
run assay verify --device 7 'relu/n1c3h8w9/-/i2/7'
run assay verify --device 'no such name' 'relu/n1c3h8w9/-/i2/7'
icd=$(find /usr/share/vulkan/icd.d -name 'lvp_icd*.json' | head -n 1)
cp "$icd" second.json # the same driver twice makes two devices of one name
run env VK_DRIVER_FILES="$icd:second.json" VK_ICD_FILENAMES="$icd:second.json" assay verify --device llvm 'relu/n1c3h8w8/-/i2/7'
