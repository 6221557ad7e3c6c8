"""Pure: reads what X says strictly and quickly; what is odd is read again, part by part.

A null where words are usual, a number for an id, half a sign at the end of a text, a field that has
become a list: none of it hides a post, or the other posts of its page. What is odd is left out, as
if X had not said it; only without what can't be missed (an id) a thing is not read at all.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

T = TypeVar("T")
_LARGEST = (1 << 63) - 1
"""Numbers beyond it can't be written as such again."""


class Odd(msgspec.ValidationError):
    """A value that does not mean what it should."""


def read(raw: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T:
    """What `raw` says. Raises msgspec.DecodeError where it says nothing of that kind, and
    RecursionError for what is nested without end."""
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        found: T = fitted(loosely(raw), decoder.type)
        return found


def loosely(raw: bytes | msgspec.Raw) -> Any:
    """Any JSON, with what strict readers refuse: half signs, NaN, a mark at the front.

    Raises msgspec.DecodeError, or RecursionError.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = bytes(raw).decode("utf-8-sig", "replace")
    try:
        return json.loads(text, strict=False, parse_constant=lambda _: None)
    except ValueError as error:
        raise msgspec.DecodeError(str(error)) from error


def fitted(value: Any, kind: Any) -> Any:
    """`value` as a `kind`, without what does not fit. Raises Odd where nothing is left."""
    return _fit(value, _shape(kind))


@functools.cache
def _shape(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _fit(value: Any, shape: inspect.Type) -> Any:
    return _FITS[type(shape)](value, shape)


def _text(value: Any, _: Any) -> str:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # an id, told as a number
    raise Odd("it is no text")


def _number(value: Any, _: Any) -> int:
    try:
        if not isinstance(value, bool):
            return int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Odd("it is no number")


def _amount(value: Any, _: Any) -> float:
    try:
        if not isinstance(value, bool):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Odd("it is no amount")


def _truth(value: Any, _: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise Odd("it is neither true nor false")


def _nothing(value: Any, _: Any) -> None:
    if value is not None:
        raise Odd("it is something")


def _one_of(value: Any, shape: inspect.UnionType) -> Any:
    for each in shape.types:
        try:
            return _fit(value, each)
        except Odd:
            continue
    raise Odd("it is none of what it may be")


def _list(value: Any, shape: inspect.ListType) -> list[Any]:
    if not isinstance(value, list):
        raise Odd("it is no list")
    return [found for one in value for found in _kept(one, shape.item_type)]


def _names(value: Any, shape: inspect.DictType) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Odd("it is no object")
    pairs = ((name, _kept(one, shape.value_type)) for name, one in value.items())
    return {_whole(name): found[0] for name, found in pairs if found}


def _struct(value: Any, shape: inspect.StructType) -> Any:
    if not isinstance(value, dict):
        raise Odd("it is no object")
    given: dict[str, Any] = {}
    for field in shape.fields:
        found = _kept(value.get(field.encode_name), field.type)
        if found and field.encode_name in value:
            given[field.name] = found[0]
        elif field.required:
            raise Odd(f"it has no {field.encode_name} that can be read")
    return shape.cls(**given)


def _kept(value: Any, shape: inspect.Type) -> list[Any]:
    """What is left of a part: one thing, or none."""
    try:
        return [_fit(value, shape)]
    except Odd:
        return []


def _raw(value: Any, _: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(_clean(value)))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, int) and abs(value) > _LARGEST:
        return str(value)
    if isinstance(value, dict):
        return {_whole(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _whole(text: str) -> str:
    """`text`; half a sign of two halves becomes the sign for what is unknown."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_FITS: dict[type[inspect.Type], Callable[[Any, Any], Any]] = {
    inspect.StrType: _text,
    inspect.IntType: _number,
    inspect.FloatType: _amount,
    inspect.BoolType: _truth,
    inspect.NoneType: _nothing,
    inspect.UnionType: _one_of,
    inspect.ListType: _list,
    inspect.DictType: _names,
    inspect.StructType: _struct,
    inspect.RawType: _raw,
    inspect.AnyType: lambda value, _: _clean(value),
}
