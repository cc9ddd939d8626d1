"""snapshot.py RECORD OUT: keeps the `initialize` parameters of a recorded editor, without what differs from run to run."""

import json
import sys


def first_message(data: bytes) -> dict:
    header, _, rest = data.partition(b"\r\n\r\n")
    fields = dict(line.split(b": ", 1) for line in header.split(b"\r\n"))
    return json.loads(rest[: int(fields[b"Content-Length"])])


def main() -> None:
    record, out = sys.argv[1:]
    with open(record, "rb") as file:
        message = first_message(file.read())
    assert message["method"] == "initialize", message["method"]
    params = message["params"]
    for name in ("processId", "rootPath", "rootUri", "workspaceFolders", "initializationOptions", "workDoneToken", "locale"):
        params.pop(name, None)
    with open(out, "w", encoding="utf-8") as file:
        json.dump(params, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")


main()
