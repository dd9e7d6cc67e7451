#!/usr/bin/env python3
"""Profiles tables in files (csv, tsv, json, jsonl, xlsx, sqlite), or queries them with --sql. Standard library only."""
import argparse
import csv
import io
import json
import re
import sqlite3
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

MAX_ROWS_SHOWN = 1000
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def value_of(text):
    """Numbers as numbers; ids with leading zeros and everything else stay text; empty is NULL."""
    if not isinstance(text, str):
        return json.dumps(text, ensure_ascii=False) if isinstance(text, (dict, list)) else text
    text = text.strip()
    if text == "":
        return None
    if NUMBER.fullmatch(text) and len(text) < 16:
        return float(text) if re.search(r"[.eE]", text) else int(text)
    return text


def read_csv(path):
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        dialect = csv.Sniffer().sniff(text[:20000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel_tab if path.suffix == ".tsv" else csv.excel
    rows = list(csv.reader(io.StringIO(text, newline=""), dialect))
    note = f"separator {dialect.delimiter!r}"
    return (rows[0] if rows else []), rows[1:], note


def read_json(path):
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix in (".jsonl", ".ndjson"):
        items = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        items = json.loads(text)
        if isinstance(items, dict):
            lists = [value for value in items.values() if isinstance(value, list)]
            items = max(lists, key=len) if lists else [items]
    items = [item if isinstance(item, dict) else {"value": item} for item in items]
    head = list(dict.fromkeys(key for item in items for key in item))
    return head, [[item.get(key) for key in head] for item in items], "list of objects"


def read_xlsx(path):
    """The first sheet. Dates are numbers of days since 1899-12-30, as the file keeps them."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{SHEET}si"):
                shared.append("".join(part.text or "" for part in item.iter(f"{SHEET}t")))
        name = min(n for n in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n))
        rows = []
        for row in ElementTree.fromstring(book.read(name)).iter(f"{SHEET}row"):
            cells = {}
            for cell in row.iter(f"{SHEET}c"):
                letters = re.match("[A-Z]*", cell.get("r", "")).group()
                at = 0
                for letter in letters:
                    at = at * 26 + ord(letter) - 64
                value = cell.find(f"{SHEET}v")
                text = value.text if value is not None else "".join(t.text or "" for t in cell.iter(f"{SHEET}t"))
                if cell.get("t") == "s" and value is not None:
                    text = shared[int(text)]
                cells[at - 1 if at else len(cells)] = text or ""
            rows.append([cells.get(i, "") for i in range(max(cells, default=-1) + 1)])
    return (rows[0] if rows else []), rows[1:], f"first sheet ({name}); dates are days since 1899-12-30"


READERS = {".csv": read_csv, ".tsv": read_csv, ".txt": read_csv, ".json": read_json, ".jsonl": read_json,
           ".ndjson": read_json, ".xlsx": read_xlsx}
DATABASES = {".sqlite", ".sqlite3", ".db"}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def load(db, path, table):
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        sys.exit(f"{path}: this kind of file cannot be read; known: {' '.join([*READERS, *sorted(DATABASES)])}")
    head, rows, note = reader(path)
    seen, names = {}, []
    for at, cell in enumerate(head):
        name = str(cell).strip() or f"column{at + 1}"
        seen[name.lower()] = seen.get(name.lower(), 0) + 1
        names.append(name if seen[name.lower()] == 1 else f"{name}_{seen[name.lower()]}")
    if not names:
        sys.exit(f"{path}: no columns")
    db.execute(f"CREATE TABLE {table} ({', '.join(map(quoted, names))})")
    marks = ", ".join("?" * len(names))
    padded = ([value_of(cell) for cell in (row + [""] * len(names))[: len(names)]] for row in rows if any(row))
    db.executemany(f"INSERT INTO {table} VALUES ({marks})", padded)
    odd = sum(1 for row in rows if any(row) and len(row) != len(names))
    return note + (f"; {odd} rows have another number of cells" if odd else "")


def profile(db, table, title):
    count = db.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0]
    print(f"{title}: {count} rows")
    for (name,) in db.execute(f"SELECT name FROM pragma_table_info({quoted(table)})").fetchall():
        column = quoted(name)
        kinds = dict(db.execute(f"SELECT typeof({column}), count(*) FROM {quoted(table)} GROUP BY 1").fetchall())
        empty = kinds.pop("null", 0)
        least, greatest, distinct = db.execute(
            f"SELECT min({column}), max({column}), count(DISTINCT {column}) FROM {quoted(table)}").fetchone()
        common = db.execute(f"SELECT {column} FROM {quoted(table)} WHERE {column} IS NOT NULL "
                            "GROUP BY 1 ORDER BY count(*) DESC LIMIT 3").fetchall()
        short = lambda value: str(value)[:40]
        print(f"  {name}: {'/'.join(kinds) or 'nothing'}, {empty} empty, {distinct} distinct, "
              f"{short(least)} … {short(greatest)}; often: {', '.join(short(v) for (v,) in common)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sql", help="query over t, t2, …, or over the tables of a database; prints CSV")
    args = parser.parse_args()
    for path in args.files:
        if not path.is_file():
            sys.exit(f"{path}: no such file")
    if args.files[0].suffix.lower() in DATABASES:
        db = sqlite3.connect(f"{args.files[0].resolve().as_uri()}?mode=ro", uri=True)
        tables = [(name, name) for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")]
    else:
        db, tables = sqlite3.connect(":memory:"), []
        for at, path in enumerate(args.files):
            table = "t" if at == 0 else f"t{at + 1}"
            tables.append((table, f"{table} = {path.name} ({load(db, path, table)})"))
    if args.sql is None:
        for table, title in tables:
            profile(db, table, title)
        return
    try:
        cursor = db.execute(args.sql)
    except sqlite3.Error as error:
        sys.exit(f"SQL: {error}")
    out = csv.writer(sys.stdout)
    out.writerow([column[0] for column in cursor.description or []])
    rows = cursor.fetchmany(MAX_ROWS_SHOWN + 1)
    out.writerows(rows[:MAX_ROWS_SHOWN])
    if len(rows) > MAX_ROWS_SHOWN:
        print(f"more than {MAX_ROWS_SHOWN} rows: the rest is not shown", file=sys.stderr)


if __name__ == "__main__":
    main()
