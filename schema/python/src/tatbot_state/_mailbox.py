"""What waits for a consumer: of each document only the latest once it is slow, of transitions every one up to a bound."""

from __future__ import annotations

from collections import OrderedDict
from typing import Union

from ._names import Key
from ._stream import Message
from ._watch import Change, Lost, Status, Transition

Item = Union[Change, Transition, Lost, Status, Message]

# From so many on, a change takes the place of the one of its document that waits.
_CONFLATE_FROM = 64
_MOST = 10_000


class Mailbox:
    """Bounded. Not thread-safe."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._items: OrderedDict[int, Item] = OrderedDict()
        self._latest: dict[Key[object], int] = {}
        self._next = 0
        self._lost = 0

    def put(self, item: Item) -> None:
        if isinstance(item, Change):
            waiting = self._latest.get(item.key)
            if waiting is not None and len(self._items) >= _CONFLATE_FROM:
                # At its own place in the order: behind the transitions that came before it.
                self._items.pop(waiting, None)
            self._latest[item.key] = self._next
        elif isinstance(item, Status):
            # Only the last one says what is.
            for number, other in list(self._items.items())[-1:]:
                if isinstance(other, Status):
                    del self._items[number]
        elif len(self._items) >= self._most:
            self._lost += item.count if isinstance(item, Lost) else 1
            return
        self._items[self._next] = item
        self._next += 1

    def __bool__(self) -> bool:
        return bool(self._items) or self._lost > 0

    def take(self) -> Item | None:
        """The oldest; None if there is none."""
        if self._items:
            number, item = self._items.popitem(last=False)
            if isinstance(item, Change) and self._latest.get(item.key) == number:
                del self._latest[item.key]
            return item
        if self._lost:
            lost, self._lost = self._lost, 0
            return Lost(lost, "the consumer was slow: what waited for it had become too much")
        return None
