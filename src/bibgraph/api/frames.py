"""Columns of values as a typed data frame of pandas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import pandas as pd

from bibgraph.api.values import Value

_TYPES: Mapping[str, set[type]] = {
    "boolean": {bool},
    "Int64": {int},
    "Float64": {float, int, Decimal},
    "datetime64[s]": {dt.date},
    "string": {str},
}


def frame(columns: Mapping[str, Sequence[Value]], coded: Collection[str]) -> pd.DataFrame:
    """The columns as a data frame, each of the type that all its values have; nothing is ``NA``.

    coded: names of columns that become categories. What mixes types, or holds nothing, stays as objects.
    """
    return pd.DataFrame({name: _series(values, name in coded) for name, values in columns.items()})


def _series(values: Sequence[Value], coded: bool) -> pd.Series:  # noqa: FBT001  # one of two, always told
    dtype = dtype_of(values)
    plain = [str(value) if dtype == "string" and value is not None else value for value in values]
    series: pd.Series = pd.Series(plain, dtype=dtype)
    return series.astype("category") if coded else series


def dtype_of(values: Sequence[Value]) -> str:
    """The name of pandas' type for a column of these values."""
    kinds = {str if isinstance(value, str) else type(value) for value in values if value is not None}
    if kinds == {dt.datetime}:
        aware = all(value.tzinfo for value in values if isinstance(value, dt.datetime))
        return "datetime64[us, UTC]" if aware else "object"
    return next((name for name, allowed in _TYPES.items() if kinds and kinds <= allowed), "object")
