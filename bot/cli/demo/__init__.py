"""`ivobot demo`: an invented municipality in a folder, three weeks of its mornings, and what came of the letters of the last one.

What it needs of the program is imported when it is run, so that importing this package costs nothing.
"""

from pathlib import Path

DEFAULT = Path("ivobot-demo")


def run(dir: Path | None) -> None:
    """Makes the folder, does the main job in it and shows what came in, how it was read, what went out and where to look.

    dir: a folder that does not exist yet, or an empty one; default ./ivobot-demo. Raises ConfigError when it holds something.
    """
    from bot.cli.demo import place, shown, story

    home = dir or DEFAULT
    place.make(home)
    told = story.play(home)
    shown.everything(home, told)
