"""Small pieces of HTML. Everything that comes from outside is escaped here."""

from collections.abc import Mapping, Sequence
from html import escape


def facts(values: Mapping[str, str]) -> str:
    """Numbers with their names, side by side."""
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in values.items()
    )
    return f'<dl class="hmr-facts">{cells}</dl>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """A table that scrolls inside itself on a narrow screen."""
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="hmr-table"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def progress(fraction: float, doing: str) -> str:
    """How far some work is."""
    percent = round(100 * fraction)
    return (
        f'<div class="hmr-progress"><div role="progressbar" aria-label="Progress" aria-valuenow="{percent}">'
        f'<i style="width: {max(percent, 3)}%"></i></div><span>{escape(doing)}</span></div>'
    )


def note(text: str) -> str:
    """A quiet line."""
    return f'<p class="hmr-quiet">{escape(text)}</p>'


def unavailable(reasons: Mapping[str, str]) -> str:
    """Choices that cannot be made, each with the reason."""
    items = "".join(
        f'<li><span aria-disabled="true">{escape(choice)}</span> {escape(reason)}</li>'
        for choice, reason in reasons.items()
    )
    return f'<ul class="hmr-unavailable">{items}</ul>'


def pictures(items: Mapping[str, str]) -> str:
    """Captioned pictures side by side, from caption to address."""
    figures = "".join(
        f'<figure><img src="{escape(source)}" alt="{escape(caption)}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        for caption, source in items.items()
    )
    return f'<div class="hmr-pictures">{figures}</div>'


def swatches(names: Mapping[str, str]) -> str:
    """What colours mean: names with their colours."""
    items = "".join(
        f'<span><i style="background: {escape(color)}"></i>{escape(name)}</span>'
        for name, color in names.items()
    )
    return f'<p class="hmr-swatches">{items}</p>'
