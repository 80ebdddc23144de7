"""Runs queries in a real database, over tables filled from CSV files.

Arguments: the database, then for each table its name and file, then for a server its address: PostgreSQL's, or the
socket of MariaDB. The databases of documented.py are functions over DuckDB.
Standard input: a JSON list of queries. Standard output: a JSON list, for each query its rows or its error.
"""

import json
import sys

COLUMNS = ["id", "org", "plan", "age", "beta", "email", "email_domain"]


def duckdb_tables(tables):
    import duckdb

    connection = duckdb.connect()
    types = {name: "VARCHAR" for name in COLUMNS} | {"age": "DOUBLE", "beta": "BOOLEAN"}
    for name, path in tables:
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, header = true, nullstr = '', columns = {types!r})",
            [path],
        )
    return connection


def duckdb_runner(tables):
    connection = duckdb_tables(tables)
    return lambda query: connection.execute(query).fetchall()


def documented_runner(database, tables):
    import documented

    connection = duckdb_tables(tables)
    connection.execute(documented.MACROS[database])
    return lambda query: connection.execute(documented.in_duckdb(database, query)).fetchall()


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


def mariadb_runner(tables, socket):
    import pymysql

    connection = pymysql.connect(
        unix_socket=socket, user="root", charset="utf8mb4", local_infile=True, autocommit=True
    )
    cursor = connection.cursor()
    cursor.execute("CREATE DATABASE users_of_a_test CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
    cursor.execute("USE users_of_a_test")
    for name, path in tables:
        cursor.execute(
            f"CREATE TABLE {name} (id varchar(200), org varchar(200), plan varchar(200), age double, "
            "beta boolean, email varchar(200), email_domain varchar(200)) ENGINE = Aria TRANSACTIONAL = 0"
        )
        cursor.execute(
            f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE {name} CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' "
            "OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' IGNORE 1 LINES (@a, @b, @c, @d, @e, @f, @g) SET "
            "id = IF(length(@a) > 0, @a, NULL), org = IF(length(@b) > 0, @b, NULL), "
            "plan = IF(length(@c) > 0, @c, NULL), age = IF(length(@d) > 0, @d, NULL), "
            "beta = CASE @e WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END, "
            "email = IF(length(@f) > 0, @f, NULL), email_domain = IF(length(@g) > 0, @g, NULL)"
        )

    def run(query):
        cursor.execute(query)
        return cursor.fetchall()

    return run


def main():
    database, *rest = sys.argv[1:]
    address = rest.pop() if database in ("postgres", "mariadb") else None
    tables = list(zip(rest[::2], rest[1::2]))
    if database == "duckdb":
        run = duckdb_runner(tables)
    elif database == "clickhouse":
        run = clickhouse_runner(tables)
    elif database == "spark":
        run = spark_runner(tables)
    elif database == "postgres":
        run = postgres_runner(tables, address)
    elif database == "mariadb":
        run = mariadb_runner(tables, address)
    else:
        run = documented_runner(database, tables)
    answers = []
    for query in json.load(sys.stdin):
        try:
            rows = [[None if value is None else str(value) for value in row] for row in run(query)]
            answers.append({"rows": rows})
        except Exception as error:  # whatever the database has to say
            answers.append({"error": str(error)})
    json.dump(answers, sys.stdout)


main()
