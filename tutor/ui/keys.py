"""How commands are reached: where they are available, Textual's bindings for them, and their keys in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding, BindingType

from tutor.ui.commands import COMMANDS, Command


def reach(screen: object, app_scopes: Iterable[str]) -> list[Command]:
    """The commands that there are on a screen, in an app of these scopes."""
    return [command for command in COMMANDS if command.scope in (*scopes_of(screen), *app_scopes)]


def scopes_of(screen: object) -> tuple[str, ...]:
    """The scopes whose commands a screen has; none for one that only lies over another."""
    scopes: tuple[str, ...] = getattr(screen, "scopes", ())
    scope = getattr(screen, "scope", "")
    return scopes or ((scope,) if scope else ())


def bindings(scope: str) -> list[BindingType]:
    """Textual's bindings for the commands of a scope.

    Keys with a modifier and function keys come before the focused widget, which would otherwise keep ctrl+c, f6 and
    f7 for itself; single characters come after it, so that they can be typed. A command without a key is bound to one
    that no terminal sends, because Textual remaps only what is bound.
    """
    return [
        Binding(
            key,
            command.action,
            command.title,
            show=False,
            priority=_first(key),
            tooltip=command.tooltip,
            id=command.id,
        )
        for command in COMMANDS
        if command.scope == scope
        for key in command.keys or (f"unbound-{command.name}",)
    ]


def _first(key: str) -> bool:
    return key.startswith("ctrl+") or (key[:1] == "f" and key[1:].isdigit())


def keymap(overrides: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], list[str]]:
    """The `keys` setting as Textual wants it, and one sentence for each entry that cannot be used.

    An entry names a command by its id or only by its name, which several screens may share: "lesson.run" or "run".
    """
    usable: dict[str, str] = {}
    complaints: list[str] = []
    for given, keys in overrides.items():
        meant = [command for command in COMMANDS if given in (command.id, command.name)]
        if not meant:
            complaints.append(f"The setting keys names {given!r}, which is no command.")
        for command in meant:
            usable[command.id] = ",".join(_NAMES.get(key.strip(), key.strip()) for key in keys)
    return usable, complaints


_SHORT = {
    "comma": ",",
    "equals_sign": "=",
    "full_stop": ".",
    "minus": "-",
    "plus": "+",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "question_mark": "?",
    "escape": "esc",
}
_NAMES = {short: name for name, short in _SHORT.items()}


def shown_keys(command: Command, overrides: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a command as people write them, remapped ones in place of the table's."""
    keys: Iterable[str] = overrides[command.id].split(",") if command.id in overrides else command.keys
    return tuple(display_key(key.strip()) for key in keys)


def display_key(key: str) -> str:
    """One key as people write it."""
    return _SHORT.get(key, key)
