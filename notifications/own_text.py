"""The process's own mail text: paragraphs and lists, nothing else.

It comes from the process folder with its gaps filled, so parts of it are data. It
is laid out, never interpreted: links, markup and template signs stay letters.
"""

from notifications.blocks import Block, Bullets, Paragraph

__all__ = ["own_blocks"]


def own_blocks(text: str) -> tuple[Block, ...]:
    """Lay out a text: a blank line ends a paragraph or a list, `- ` begins an item."""
    blocks: list[Block] = []
    for chunk in text.split("\n\n"):
        blocks.extend(_chunk(chunk))
    return tuple(blocks)


def _chunk(chunk: str) -> list[Block]:
    """Lay out a stretch without a blank line in it."""
    blocks: list[Block] = []
    running: list[str] = []
    items: list[str] = []
    for line in filter(None, chunk.split("\n")):
        if line.startswith("- "):
            if running:
                blocks.append(Paragraph(" ".join(running)))
                running = []
            items.append(line[2:].strip())
        elif items:
            items[-1] += f" {line}"
        else:
            running.append(line)
    if items:
        blocks.append(Bullets(tuple(items)))
    elif running:
        blocks.append(Paragraph(" ".join(running)))
    return blocks
