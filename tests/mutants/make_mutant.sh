#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_mutant.sh FILE KERNELS_DIR OUT.comp
#
# Writes the kernel that FILE, a .mutant or a .fault of tests/faults, names, with its includes pasted in (so that it stands
# alone and included lines can be changed too), in the file's precision and layout alone and with its lines replaced. Fails
# when a line is not found exactly once: a mutant that no longer changes anything would be counted as missed, or worse, as
# caught by accident. The two kinds of file differ in what they say of the shader: a mutant has "expect" and "cases", a fault
# "cause" and one "case" or more.
set -eu

if [ $# -ne 3 ]; then
    echo "usage: make_mutant.sh FILE KERNELS_DIR OUT.comp" >&2
    exit 2
fi

awk -v mutant="$1" -v kernels="$2" '
function die(text) { print mutant ": " text > "/dev/stderr"; failed = 1; exit 1 }

function trimmed(text) { sub(/^[ \t]+/, "", text); sub(/[ \t]+$/, "", text); return text }

function read_mutant(    text, key, value) {
    while ((status = (getline text < mutant)) > 0) {
        if (text ~ /^#/ || text == "")
            continue
        if (!match(text, /^[a-z]+:/))
            die("not \"key: value\": " text)
        key = substr(text, 1, RLENGTH - 1)
        value = trimmed(substr(text, RLENGTH + 1))
        if (key == "line")
            line[++lines] = value
        else if (key == "with" && lines > 0 && !(lines in with))
            with[lines] = value
        else if (index(" " known " ", " " key " ") && (!(key in given) || key == "case"))
            given[key] = value
        else
            die("key \"" key "\" is unknown or out of place")
    }
    if (status < 0)
        die("cannot be read")
    split("kernel why " own, needed, " ")
    for (i in needed)
        if (given[needed[i]] == "")
            die("has no \"" needed[i] "\"")
    if (lines == 0)
        die("has no \"line\"")
    for (i = 1; i <= lines; i++)
        if (!(i in with))
            die("\"line: " line[i] "\" has no \"with\"")
    if (given["precision"] == "")
        given["precision"] = "f32"
    if (given["layout"] == "")
        given["layout"] = "nchw"
}

function emit(text,    i, indent) {
    if (text ~ /^precisions: /)
        text = "precisions: [" given["precision"] "]"
    if (text ~ /^layouts: /)
        text = "layouts: [" given["layout"] "]"
    for (i = 1; i <= lines; i++)
        if (trimmed(text) == line[i]) {
            found[i]++
            match(text, /^[ \t]*/)
            indent = substr(text, 1, RLENGTH)
            text = indent with[i]
            break
        }
    print text
}

function paste(file,    text, name, got) {
    while ((got = (getline text < file)) > 0) {
        if (match(text, /^#include "[^"]+"/)) {
            name = substr(text, 11, RLENGTH - 11)
            paste(kernels "/" name)
        } else {
            emit(text)
        }
    }
    if (got < 0)
        die("cannot read " file)
    close(file)
}

BEGIN {
    own = mutant ~ /\.fault$/ ? "cause case" : "expect cases"
    known = "kernel why layout precision " own
    read_mutant()
    paste(kernels "/" given["kernel"] ".comp")
    for (i = 1; i <= lines; i++)
        if (found[i] != 1)
            die("line found " found[i] + 0 " times in " given["kernel"] ", expected once: " line[i])
}
END { exit failed }
' > "$3.part" || { rm -f "$3.part"; exit 1; }
mv "$3.part" "$3"
