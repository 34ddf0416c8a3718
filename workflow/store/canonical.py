"""Canonical JSON, RFC 8785: equal values are equal bytes, so that they can be hashed.

Of numbers only integers that every reader of JSON keeps exact; decimals are texts.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["canonical"]

_LARGEST: Final = 2**53 - 1
"""Of either sign; beyond it RFC 8785 would round (section 3.2.2.3, I-JSON)."""
_BEFORE_PLANES: Final = "\ue000"
"""From here on, order by code point and order by UTF-16 unit may differ."""

_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode
_encode_ordered = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


def canonical(value: object) -> str:
    """Write a value of mappings, sequences, texts, integers, booleans and None.

    Raises: ValueError when it holds anything else: a float, an integer beyond 2^53 - 1,
        a key that is not a text, half a surrogate pair.
    """
    if _check(value):
        return _encode_ordered(_ordered(value))
    return _encode(value)


def _check(value: object) -> bool:
    """See that a value can be written; tell whether its keys need the rare ordering."""
    if value is None or value is True or value is False:
        return False
    if isinstance(value, str):
        if not value.isascii():
            value.encode()  # half a surrogate pair is a UnicodeEncodeError, a ValueError
        return False
    if isinstance(value, int):
        if not -_LARGEST <= value <= _LARGEST:
            raise ValueError(f"an integer too large for JSON: {value}")
        return False
    if isinstance(value, dict):
        rare = False
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError(f"a key that is not a text: {key!r}")
            if not key.isascii():
                _check(key)
                rare = rare or max(key) >= _BEFORE_PLANES
            rare = _check(item) or rare
        return rare
    if isinstance(value, (list, tuple)):
        rare = False
        for item in value:
            rare = _check(item) or rare
        return rare
    raise ValueError(f"nothing for canonical JSON: {type(value).__name__}")


def _ordered(value: object) -> object:
    if isinstance(value, Mapping):
        # RFC 8785 section 3.2.3: by UTF-16 code units.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_ordered(item) for item in value]
    return value
