"""Databases that cannot be run here: sqlglot reads a query as the dialect that it is written for, and DuckDB runs it with
every function that matters written down again from that database's documentation: what it takes, what it gives
(text or bytes, 64 or 128 bits), and NULL for NULL. sqlglot turns the rest, quotes and casts, into DuckDB's.

What that shows: the query is of the dialect's grammar, asks for no function that is not here, and counts what it should
if the database does what is documented. What it does not show: that it does.
"""

import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

# Each function by the page of its name: cloud.google.com/bigquery/docs/reference/standard-sql, docs.snowflake.com,
# trino.io/docs/current/functions, docs.aws.amazon.com/redshift/latest/dg.
MACROS = {
    "bigquery": """
        -- SHA256, SHA1, MD5: of STRING or BYTES, give BYTES. TO_HEX: BYTES to lower-case digits.
        CREATE MACRO bigquery_sha256(t) AS unhex(sha256(CAST(t AS VARCHAR)));
        CREATE MACRO bigquery_sha1(t) AS unhex(sha1(CAST(t AS VARCHAR)));
        CREATE MACRO bigquery_md5(t) AS unhex(md5(CAST(t AS VARCHAR)));
        CREATE MACRO bigquery_to_hex(b) AS lower(hex(CAST(b AS BLOB)));
        -- CONCAT: NULL if an argument is.
        CREATE MACRO bigquery_concat(a, b) AS (a || b), (a, b, c) AS (a || b || c);
        CREATE MACRO bigquery_substr(t, start, n) AS substring(t, start, n);
        CREATE MACRO bigquery_mod(x, y) AS CAST(x AS BIGINT) % CAST(y AS BIGINT);
        CREATE MACRO bigquery_strpos(t, part) AS instr(t, part);
        CREATE MACRO bigquery_starts_with(t, part) AS prefix(t, part);
        CREATE MACRO bigquery_ends_with(t, part) AS suffix(t, part);
    """,
    "snowflake": """
        -- SHA2, SHA1, MD5: of text, give lower-case digits as text.
        CREATE MACRO snowflake_sha2(t, bits) AS CASE bits WHEN 256 THEN sha256(CAST(t AS VARCHAR)) ELSE error('bits') END;
        CREATE MACRO snowflake_sha1(t) AS sha1(CAST(t AS VARCHAR));
        CREATE MACRO snowflake_md5(t) AS md5(CAST(t AS VARCHAR));
        -- TO_NUMBER with a format of X: as many hexadecimal digits, gives NUMBER(38, 0).
        CREATE MACRO snowflake_to_number(t, form) AS CASE
            WHEN form = repeat('X', length(t)) THEN CAST(CAST('0x' || t AS BIGINT) AS HUGEINT)
            WHEN t IS NOT NULL THEN error('a format of other digits') END;
        -- BITSHIFTRIGHT: of a signed integer of 128 bits.
        CREATE MACRO snowflake_bitshiftright(x, n) AS CAST(x AS HUGEINT) >> CAST(n AS HUGEINT);
        CREATE MACRO snowflake_substr(t, start, n) AS substring(t, start, n);
        CREATE MACRO snowflake_right(t, n) AS right(t, n);
        -- POSITION: what is looked for comes first.
        CREATE MACRO snowflake_position(part, t) AS instr(t, part);
    """,
    "trino": """
        -- to_utf8: VARCHAR to VARBINARY. sha256, sha1, md5: of VARBINARY, give VARBINARY. to_hex: upper-case digits.
        CREATE MACRO trino_to_utf8(t) AS encode(CAST(t AS VARCHAR));
        CREATE MACRO trino_sha256(b) AS unhex(sha256(CAST(b AS BLOB)));
        CREATE MACRO trino_sha1(b) AS unhex(sha1(CAST(b AS BLOB)));
        CREATE MACRO trino_md5(b) AS unhex(md5(CAST(b AS BLOB)));
        CREATE MACRO trino_to_hex(b) AS upper(hex(CAST(b AS BLOB)));
        CREATE MACRO trino_lower(t) AS lower(t);
        -- from_base: text of that radix to BIGINT.
        CREATE MACRO trino_from_base(t, radix) AS
            CASE radix WHEN 16 THEN CAST('0x' || t AS BIGINT) ELSE error('radix') END;
        -- bitwise_right_shift: of a BIGINT, zeros from the left.
        CREATE MACRO trino_bitwise_right_shift(x, n) AS CAST(x AS BIGINT) >> CAST(n AS BIGINT);
        -- substr: from the end where the start is negative; empty where that is before the beginning.
        CREATE MACRO trino_substr(t, start) AS CASE WHEN -start > length(t) THEN '' ELSE substring(t, start) END,
            (t, start, n) AS substring(t, start, n);
        CREATE MACRO trino_strpos(t, part) AS instr(t, part);
    """,
    "redshift": """
        -- SHA2, SHA1, MD5: of text, give lower-case digits as text.
        CREATE MACRO redshift_sha2(t, bits) AS CASE bits WHEN 256 THEN sha256(CAST(t AS VARCHAR)) ELSE error('bits') END;
        CREATE MACRO redshift_sha1(t) AS sha1(CAST(t AS VARCHAR));
        CREATE MACRO redshift_md5(t) AS md5(CAST(t AS VARCHAR));
        -- STRTOL: text of that base to BIGINT.
        CREATE MACRO redshift_strtol(t, base) AS
            CASE base WHEN 16 THEN CAST('0x' || t AS BIGINT) ELSE error('base') END;
        CREATE MACRO redshift_substr(t, start, n) AS substring(t, start, n);
        CREATE MACRO redshift_right(t, n) AS right(t, n);
        CREATE MACRO redshift_strpos(t, part) AS instr(t, part);
        -- LENGTH: of VARCHAR, blanks at the end included.
        CREATE MACRO redshift_length(t) AS length(t);
        CREATE MACRO redshift_chr(n) AS chr(n);
        -- Comparisons of VARCHAR: blanks at the end are insignificant.
        CREATE MACRO redshift_compared(t) AS rtrim(t, ' ');
    """,
}

# What is no function by documentation but grammar of every dialect.
GRAMMAR = {"SUM", "COUNT", "CAST", "NULLIF"}


def _plain(name):
    """The dialect with functions left as they are called, so that none is taken for another's."""
    dialect = Dialect.get_or_raise(name)
    base = type(dialect)

    class Parser(base.parser_class):
        FUNCTIONS = {known: of for known, of in base.parser_class.FUNCTIONS.items() if known in GRAMMAR}
        FUNCTION_PARSERS = {
            known: of for known, of in base.parser_class.FUNCTION_PARSERS.items() if known in GRAMMAR
        }

    class Plain(base):
        parser_class = Parser

    return Plain


def in_duckdb(database, query):
    """Returns the query for DuckDB, each function called DATABASE_FUNCTION."""
    strict = {"error_level": sqlglot.ErrorLevel.RAISE}
    # The dialect itself must read it, as one statement.
    (_,) = sqlglot.parse(query, read=database, **strict)
    (tree,) = sqlglot.parse(query, read=_plain(database), **strict)
    for call in tree.find_all(exp.Anonymous):
        call.set("this", f"{database}_{call.name.lower()}")
    if database == "redshift":
        _compared(tree)
    return tree.sql(dialect="duckdb", comments=False)


def _compared(tree):
    """Takes the blanks from the ends of texts that are compared with literals."""

    def trimmed(side):
        return exp.Anonymous(this="redshift_compared", expressions=[side.copy()])

    def is_text(side):
        return any(literal.is_string for literal in side.find_all(exp.Literal))

    for node in list(tree.find_all(exp.EQ, exp.NEQ)):
        if is_text(node.expression):
            node.set("this", trimmed(node.this))
            node.set("expression", trimmed(node.expression))
    for node in list(tree.find_all(exp.In)):
        if all(is_text(each) for each in node.expressions):
            node.set("this", trimmed(node.this))
            node.set("expressions", [trimmed(each) for each in node.expressions])
