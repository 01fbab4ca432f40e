"""One page of a lesson: prose, and the items as cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widget import Widget

from tutor.course.blocks import Aside
from tutor.course.items import Answer, Block, Exercise, Hint, Item, Predict, Quiz, Snippet
from tutor.course.model import Lesson, Page
from tutor.learning.prediction import PredictionResult
from tutor.learning.quiz import QuizResult
from tutor.learning.state import ItemState
from tutor.ui.widgets.blocks import AsideView, ProseView
from tutor.ui.widgets.card import Card, CardMoved, ItemSelected
from tutor.ui.widgets.exercise_card import ExerciseCard
from tutor.ui.widgets.predict_card import PredictCard, PredictionLocked
from tutor.ui.widgets.quiz_card import QuizAnswered, QuizCard
from tutor.ui.widgets.snippet_card import SnippetCard

__all__ = ["ItemSelected", "PageView", "PredictionLocked", "QuizAnswered"]


class PageView(VerticalScroll):
    """Shows one page at a time.

    Posts `ItemSelected` when the focus comes to a card, `QuizAnswered` and `PredictionLocked` when the learner
    has answered; whoever judges the answer calls `show_quiz_result` or `show_prediction_result`.
    """

    DEFAULT_CSS = """
    PageView { padding: 1 0 0 0; scrollbar-size-vertical: 1; }
    PageView > ProseView, PageView > AsideView, PageView > Card { max-width: 104; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._cards: dict[str, Card] = {}
        self._places: list[tuple[range, Widget]] = []
        self._fresh = False

    @property
    def selected(self) -> Item | None:
        """The item that is marked as selected."""
        return next((card.item for card in self._cards.values() if card.has_class("-selected")), None)

    async def show(self, lesson: Lesson, page: Page, states: Mapping[str, ItemState]) -> None:
        """Show a page from its top, with each item in its state (items that are not in `states` are new)."""
        self._places = list(_widgets(page, states))
        widgets = [widget for _, widget in self._places]
        self._cards = {widget.item.key: widget for widget in widgets if isinstance(widget, Card)}
        with self.app.batch_update():
            await self.remove_children()
            await self.mount_all(widgets)
        self.scroll_to(y=0, animate=False, force=True)
        self._fresh = True
        self.call_after_refresh(setattr, self, "_fresh", False)

    def select(self, key: str, *, focus: bool = False) -> None:
        """Mark the item as selected and bring it into view; with `focus`, give it the keyboard too.

        Posts nothing unless the focus moves. A key that is not on this page takes the mark away. The page does not move
        when it has just been shown and this is its first item (what stands above is read first), nor when the item
        was selected before and can be seen.
        """
        stays = (self._fresh and key == next(iter(self._cards), "")) or self._seen(key)
        for other, card in self._cards.items():
            card.set_selected(other == key)
        chosen = self._cards.get(key)
        if chosen is not None:
            if focus:
                chosen.take_focus()
            if not stays:
                self.call_after_refresh(self.scroll_to_widget, chosen, animate=False)

    def ask(self, key: str) -> None:
        """Select a question, give it the keyboard and bring the place of the answer into view."""
        self.select(key, focus=True)
        if card := self._cards.get(key):
            self.call_after_refresh(self._bring_widget, card.answer_place)

    def _bring_widget(self, widget: Widget) -> None:
        high = widget.region.height >= self.scrollable_content_region.height
        self.scroll_to_widget(widget, animate=False, force=True, top=high)

    def bring_block(self, index: int) -> None:
        """Bring the block of this index into view, unless it is seen."""
        found = next(((blocks, widget) for blocks, widget in self._places if index in blocks), None)
        if found is None:
            return
        blocks, widget = found
        # Prose of several blocks is one widget: its part is about where the block's number says.
        part = (index - blocks.start) / len(blocks)
        top = widget.virtual_region.y + int(part * widget.virtual_region.height)
        room = self.scrollable_content_region.height
        if not self.scroll_y <= top < self.scroll_y + room - 1:
            self.scroll_to(y=max(0, top - 1), animate=False, force=True)

    def update_state(self, key: str, state: ItemState) -> None:
        """Show another state of an item."""
        if card := self._cards.get(key):
            card.update_state(state)

    def show_hint(self, exercise_key: str, hint: Hint, number: int, total: int) -> None:
        """Show hint `number` (from 1) of `total` in the exercise's card and scroll to it."""
        card = self._cards.get(exercise_key)
        if isinstance(card, ExerciseCard):
            card.add_hint(hint, number, total)
            self._bring_newest(card)

    def show_solution(self, exercise_key: str, answer: Answer, alternatives: Sequence[Answer] = ()) -> None:
        """Show the solution with its why, and alternatives, in the exercise's card and scroll to it."""
        card = self._cards.get(exercise_key)
        if isinstance(card, ExerciseCard):
            card.set_solution(answer, alternatives)
            self._bring_newest(card)

    def show_quiz_result(self, key: str, result: QuizResult) -> None:
        """Show what an answer was worth, with the explanations that it calls for."""
        card = self._cards.get(key)
        if isinstance(card, QuizCard):
            card.set_result(result)
            self._bring_newest(card)

    def show_prediction_result(self, key: str, result: PredictionResult) -> None:
        """Show the truth beside the prediction, and the explanation."""
        card = self._cards.get(key)
        if isinstance(card, PredictCard):
            card.set_result(result)
            self._bring_newest(card)

    def on_item_selected(self, message: ItemSelected) -> None:
        """Move the mark to the card that has the focus."""
        for key, card in self._cards.items():
            card.set_selected(key == message.item.key)

    def on_card_moved(self, message: CardMoved) -> None:
        """Keep what the keys move over in view."""
        self._bring(message.card, message.rows.start, len(message.rows))

    def _seen(self, key: str) -> bool:
        card = self._cards.get(key)
        return card is not None and card.has_class("-selected") and card.region.overlaps(self.content_region)

    def _bring_newest(self, card: Card) -> None:
        def bring() -> None:
            self._bring(card, *card.newest)

        self.call_after_refresh(bring)
        # A scroll bar that comes with it narrows the card: its lines wrap anew, and what was in view is no longer.
        self.call_after_refresh(self.call_after_refresh, bring)

    def _bring(self, card: Card, line: int, height: int) -> None:
        top = card.virtual_region.y + card.styles.gutter.top + line
        room = self.scrollable_content_region.height
        self.scroll_to_region(Region(0, top, 1, height + 1), animate=False, top=height >= room, force=True)


def _widgets(page: Page, states: Mapping[str, ItemState]) -> Iterator[tuple[range, Widget]]:
    """Widgets of a page, each with the indices of its blocks: as few as possible, because each costs time to mount."""
    title = page.title
    prose: list[Block] = []
    for index, block in enumerate((*page.blocks, None)):
        if block is not None and not isinstance(block, Aside | Snippet | Exercise | Quiz | Predict):
            prose.append(block)
            continue
        if prose or title:
            yield range(index - len(prose), index), ProseView(prose, title)
            prose, title = [], ""
        if isinstance(block, Aside):
            yield range(index, index + 1), AsideView(block)
        elif block is not None and not (isinstance(block, Snippet) and block.hidden):
            yield range(index, index + 1), _card(block, states.get(block.key) or ItemState(block.key))


def _card(item: Item, state: ItemState) -> Card:
    if isinstance(item, Snippet):
        return SnippetCard(item, state)
    if isinstance(item, Exercise):
        return ExerciseCard(item, state)
    return QuizCard(item, state) if isinstance(item, Quiz) else PredictCard(item, state)
