"""Writes the same users as JSON lines and as Parquet, by pyarrow and by DuckDB, in many ways.

    python write.py FOLDER [COUNT]
"""

import datetime
import decimal
import json
import pathlib
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
start = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)


def user(at):
    created = start + datetime.timedelta(hours=at % 9000, milliseconds=at % 1000)
    return {
        "id": None if at % 500 == 499 else f"user-{at}",
        "org": [None, "acme", "glo,bex", "init\"ech", "ünï\ncode"][at % 5],
        "plan": ["free", "pro", None, ""][at % 4],
        "age": None if at % 7 == 0 else at % 90 - 5,
        "small": at % 100,
        "large": 2**53 + at,
        "beta": [True, False, None][at % 3],
        "score": None if at % 11 == 0 else (at % 1000) / 8,
        "ratio": (at % 64) / 64,
        "price": decimal.Decimal(at % 2000 - 1000) / 100,
        "tags": [None, [], ["beta"], ["a", "beta, b"], ["x", None]][at % 5],
        "created_at": None if at % 13 == 0 else created,
        "day": created.date(),
        "group": {"name": None if at % 3 else "staff", "level": at % 4},
        "unused": {"a": at},
        "raw": bytes([at % 256, 255]),
    }


def text(time):
    """Without zeros at the end of the fraction."""
    fraction = f".{time.microsecond:06}".rstrip("0").rstrip(".")
    return f"{time:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def whole(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


users = [user(at) for at in range(count)]


with open(folder / "users.jsonl", "w", encoding="utf-8") as out:
    for row in users:
        known = {name: value for name, value in row.items() if name not in ("unused", "raw", "group")}
        known["group.name"], known["group.level"] = row["group"]["name"], row["group"]["level"]
        known["price"] = float(row["price"])
        known["day"] = row["day"].isoformat()
        if row["created_at"]:
            known["created_at"] = text(row["created_at"])
        # As in CSV an empty text says nothing, and 7.0 is 7.
        known = {name: whole(value) for name, value in known.items() if value not in (None, "")}
        out.write(json.dumps(known) + "\n")


def table(times, text=pa.string(), list_of=pa.list_):
    schema = pa.schema(
        [
            pa.field("id", text),
            pa.field("org", pa.dictionary(pa.int32(), pa.string())),
            pa.field("plan", text),
            pa.field("age", pa.int16()),
            pa.field("small", pa.uint8(), nullable=False),
            pa.field("large", pa.int64(), nullable=False),
            pa.field("beta", pa.bool_()),
            pa.field("score", pa.float64()),
            pa.field("ratio", pa.float32(), nullable=False),
            pa.field("price", pa.decimal128(12, 2)),
            pa.field("tags", list_of(text)),
            pa.field("created_at", times),
            pa.field("day", pa.date32()),
            pa.field("group", pa.struct([("name", text), ("level", pa.int8())])),
            pa.field("unused", pa.map_(pa.string(), pa.int64())),
            pa.field("raw", pa.binary()),
        ]
    )
    rows = [{**row, "unused": list(row["unused"].items())} for row in users]
    return pa.Table.from_pylist(rows, schema=schema)


utc = pa.timestamp("ms", tz="UTC")
pq.write_table(table(utc), folder / "snappy.parquet", row_group_size=1000)
pq.write_table(table(pa.timestamp("us")), folder / "zstd.parquet", compression="zstd", row_group_size=777)
pq.write_table(
    table(pa.timestamp("ns", tz="UTC"), pa.large_string(), pa.large_list),
    folder / "gzip.parquet",
    compression="gzip",
    data_page_version="2.0",
    use_dictionary=False,
    version="2.6",
)
pq.write_table(
    table(pa.timestamp("ns")),
    folder / "int96.parquet",
    compression="none",
    use_deprecated_int96_timestamps=True,
    data_page_size=2000,
    write_batch_size=100,
)
everything = table(utc)
duckdb.sql(f"COPY (SELECT * FROM everything) TO '{folder / 'duckdb.parquet'}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
duckdb.sql(f"COPY (SELECT * FROM everything) TO '{folder / 'duckdb-zstd.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
pq.write_table(table(utc), folder / "brotli.parquet", compression="brotli")
