# SPDX-License-Identifier: Apache-2.0
"""check_results.py SCHEMA.json R.json R.h5: R.json is valid JSON and fits the schema, and holds bit for bit what R.h5 holds.

Only the standard library and h5py; of JSON Schema the keywords that the schema uses, any other is an error.
"""
import json
import re
import struct
import sys

try:
    import h5py
except ImportError:
    sys.exit("h5py is missing: install python3-h5py")


def no_constant(name):
    raise ValueError(f"{name} is no JSON")


def no_twice(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice in {keys}")
    return dict(pairs)


TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
}
SILENT = {"$schema", "$defs", "title", "description"}


def fault(value, schema, root):
    """None when the value fits, else what does not."""
    for word, want in schema.items():
        if word in SILENT:
            continue
        elif word == "$ref":
            inner = fault(value, root["$defs"][want.rsplit("/", 1)[1]], root)
            if inner:
                return inner
        elif word == "anyOf":
            if all(fault(value, one, root) for one in want):
                return f"{value!r} fits none of {want}"
        elif word == "type":
            if not TYPES[want](value):
                return f"{value!r} is no {want}"
        elif word == "const":
            if value != want:
                return f"{value!r} is not {want!r}"
        elif word == "enum":
            if value not in want:
                return f"{value!r} is none of {want}"
        elif word == "required":
            if set(want) - set(value):
                return f"{set(want) - set(value)} missing"
        elif word == "additionalProperties":
            if set(value) - set(schema["properties"]):
                return f"{set(value) - set(schema['properties'])} too many"
        elif word == "properties":
            for key, inner in want.items():
                wrong = key in value and fault(value[key], inner, root)
                if wrong:
                    return f"{key}: {wrong}"
        elif word == "items":
            for place, item in enumerate(value):
                wrong = fault(item, want, root)
                if wrong:
                    return f"[{place}]: {wrong}"
        elif word == "pattern":
            if not re.search(want, value):
                return f"{value!r} does not match {want}"
        elif word in ("minItems", "maxItems"):
            if (len(value) < want) if word == "minItems" else (len(value) > want):
                return f"{len(value)} items"
        elif word == "maxLength":
            if len(value) > want:
                return f"a text of {len(value)}"
        elif word == "minimum":
            if value < want:
                return f"{value} is below {want}"
        elif word == "uniqueItems":
            if len(set(value)) != len(value):
                return f"{value} has one twice"
        else:
            sys.exit(f"the schema uses {word}, which this script does not know")
    return None


def text_of(stored):
    # As the writer does it: each byte that is no UTF-8 is one U+FFFD. Python joins some of them.
    out, at = "", 0
    while at < len(stored):
        for size in (1, 2, 3, 4):
            try:
                out += stored[at : at + size].decode("utf-8")
                at += size
                break
            except UnicodeDecodeError:
                continue
        else:
            out += "\ufffd"
            at += 1
    return out


def expected_json(column, stored):
    """What JSON should hold for one stored value."""
    name = column.name.rsplit("/", 1)[1]
    if name == "verdict":
        names = h5py.check_enum_dtype(column.dtype)
        return next(key for key, value in names.items() if value == stored)
    if name == "caught":
        flags = [flag.split("=") for flag in column.attrs["flags"].decode().split()]
        return [flag for flag, bit in flags if int(stored) & int(bit)]
    if name.endswith("_hash"):
        return f"{int(stored) & 0xFFFFFFFFFFFFFFFF:016x}"
    if column.dtype.kind == "S":
        return text_of(bytes(stored))
    return stored


def same(column, wanted, value):
    if isinstance(value, list) and column.ndim == 2:
        return len(value) == len(wanted) and all(same_number(w, v) for w, v in zip(wanted, value))
    return wanted == value if isinstance(wanted, (str, list)) else same_number(wanted, value)


def same_number(wanted, value):
    if isinstance(value, str):
        return {"NaN": wanted != wanted, "Infinity": wanted > 1e308, "-Infinity": wanted < -1e308}[value]
    if wanted.dtype.kind == "i":
        return int(wanted) == value
    return struct.pack("<d", float(wanted)) == struct.pack("<d", float(value))


def main(schema_path, json_path, h5_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    with open(json_path, encoding="utf-8") as file:
        report = json.load(file, parse_constant=no_constant, object_pairs_hook=no_twice)
    wrong = fault(report, schema, schema)
    if wrong:
        return f"{json_path} does not fit {schema_path}: {wrong}"
    with h5py.File(h5_path, "r") as file:
        columns = file["results"]
        if list(columns) != list(schema["$defs"]["result"]["properties"]):
            return "the columns, their order or the schema's differ"
        for column in columns.values():
            stored = column[()]
            if len(stored) != len(report["results"]):
                return f"{column.name}: {len(stored)} rows"
            for row, result in enumerate(report["results"]):
                value = result[column.name.rsplit("/", 1)[1]]
                if not same(column, expected_json(column, stored[row]), value):
                    return f"{column.name}[{row}]: stored {stored[row]!r}, in JSON {value!r}"
        for key, value in report["run"].items():
            if text_of(bytes(file["run"].attrs[key]).rstrip(b"\0")) != value:
                return f"run: {key} differs"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
