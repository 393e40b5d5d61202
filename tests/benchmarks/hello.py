"""The floor of every start: the smallest Textual app that shows a text."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("Hello, world!")


if __name__ == "__main__":
    Hello().run()
