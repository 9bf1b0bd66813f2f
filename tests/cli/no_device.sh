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
