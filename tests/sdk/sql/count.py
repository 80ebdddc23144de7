"""Runs queries in a real database, over tables filled from CSV files.

Arguments: the database, then for each table its name and file, then for PostgreSQL its address.
Standard input: a JSON list of queries. Standard output: a JSON list, for each query its rows or its error.
"""

import json
import sys

COLUMNS = ["id", "org", "plan", "age", "beta", "email", "email_domain"]


def duckdb_runner(tables):
    import duckdb

    connection = duckdb.connect()
    types = {name: "VARCHAR" for name in COLUMNS} | {"age": "DOUBLE", "beta": "BOOLEAN"}
    for name, path in tables:
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, header = true, nullstr = '', columns = {types!r})",
            [path],
        )
    return lambda query: connection.execute(query).fetchall()


def clickhouse_runner(tables):
    from chdb import session

    opened = session.Session()
    opened.query("CREATE DATABASE users_of_a_test")
    opened.query("USE users_of_a_test")
    types = {name: "String" for name in COLUMNS} | {"age": "Float64", "beta": "Bool"}
    form = ", ".join(f"{name} Nullable({kind})" for name, kind in types.items())
    for name, path in tables:
        opened.query(
            f"CREATE TABLE {name} ENGINE = Memory AS SELECT * FROM file('{path}', 'CSVWithNames', '{form}')"
        )

    def run(query):
        return json.loads(opened.query(query, "JSONCompact").bytes())["data"]

    return run


def spark_runner(tables):
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "2"}
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    types = {name: "string" for name in COLUMNS} | {"age": "double", "beta": "boolean"}
    form = ", ".join(f"{name} {kind}" for name, kind in types.items())
    for name, path in tables:
        spark.read.csv(path, header=True, schema=form).createOrReplaceTempView(name)
    return lambda query: [tuple(row) for row in spark.sql(query.rstrip().rstrip(";")).collect()]


def postgres_runner(tables, address):
    import psycopg

    connection = psycopg.connect(address, autocommit=True)
    # SHA-1 is in this extension alone.
    connection.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
    for name, path in tables:
        connection.execute(
            f"CREATE TABLE {name} (id text, org text, plan text, age float8, beta boolean, email text, email_domain text)"
        )
        copy = f"COPY {name} FROM STDIN WITH (FORMAT csv, HEADER, NULL '')"
        with open(path, encoding="utf-8") as file, connection.cursor().copy(copy) as into:
            while chunk := file.read(1 << 20):
                into.write(chunk)
    return lambda query: connection.execute(query).fetchall()


def main():
    database, *rest = sys.argv[1:]
    address = rest.pop() if database == "postgres" else None
    tables = list(zip(rest[::2], rest[1::2]))
    if database == "duckdb":
        run = duckdb_runner(tables)
    elif database == "clickhouse":
        run = clickhouse_runner(tables)
    elif database == "spark":
        run = spark_runner(tables)
    else:
        run = postgres_runner(tables, address)
    answers = []
    for query in json.load(sys.stdin):
        try:
            rows = [[None if value is None else str(value) for value in row] for row in run(query)]
            answers.append({"rows": rows})
        except Exception as error:  # whatever the database has to say
            answers.append({"error": str(error)})
    json.dump(answers, sys.stdout)


main()
