"""Rows to Arrow tables to Parquet bytes, and back. Nothing is ever unpickled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from foedus.errors import InputError
from foedus.experiments.columns import Column


def schema_of(columns: Iterable[Column]) -> Any:
    """The Arrow schema of some columns."""
    import pyarrow as pa

    types = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string()}
    return pa.schema([(column.name, types[column.type]) for column in columns])


def table_of_rows(rows: Sequence[Mapping[str, Any]], columns: Iterable[Column]) -> Any:
    """Rows as an Arrow table."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(rows), schema=schema_of(columns))


def table_of_blocks(blocks: Sequence[Mapping[str, Any]], columns: Iterable[Column]) -> Any:
    """Blocks of columns, one below the other, as an Arrow table."""
    import pyarrow as pa

    schema = schema_of(columns)
    parts = [
        pa.table(
            {name: pa.array(block[name]).cast(schema.field(name).type) for name in schema.names}
        )
        for block in blocks
    ]
    return pa.concat_tables(parts).combine_chunks().cast(schema)


def to_parquet(table: Any, notes: Mapping[str, str] | None = None) -> bytes:
    """A table as the bytes of a Parquet file.

    Parameters
    ----------
    notes
        Words kept in the file's metadata.
    """
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(notes or {})), buffer, compression="zstd")
    return buffer.getvalue()


def from_parquet(content: bytes, name: str) -> Any:
    """The table in the bytes of a Parquet file.

    No thread is started for it: Arrow's pool now and then aborts a process that ends
    (https://github.com/apache/arrow/issues/34314).

    Raises
    ------
    InputError
        If they are no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise InputError(f"{name}: not a Parquet file that can be read: {_line(error)}") from None


def notes_of(table: Any) -> dict[str, str]:
    """Words kept in a table's metadata."""
    return {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in (table.schema.metadata or {}).items()
    }


def digest_of_table(table: Any) -> str:
    """SHA-256 over names, types and values, whatever the chunks or the file format."""
    digest = hashlib.sha256()
    for field in table.schema:
        digest.update(f"{field.name}|{field.type}|".encode())
        digest.update(json.dumps(table.column(field.name).to_pylist()).encode())
    return digest.hexdigest()


def _line(error: Exception) -> str:
    return (str(error).splitlines() or ["?"])[0][:200]
