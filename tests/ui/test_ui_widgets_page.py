"""The page in a small app: cards, keys, messages, hints that scroll into view."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input
from ui_course import wait_for
from ui_widget_samples import EXERCISE, LESSON, PAGES, PREDICT, QUIZ, SNIPPET, para

from tutor.course.blocks import Aside, Span
from tutor.course.items import Code, Hint, Knob, Option, Snippet
from tutor.course.model import Page
from tutor.learning.prediction import judge_output
from tutor.learning.quiz import grade
from tutor.learning.state import ItemState, Status
from tutor.ui.widgets.card import Card
from tutor.ui.widgets.page import ItemSelected, PageView, PredictionLocked, QuizAnswered
from tutor.ui.widgets.snippet_card import SnippetCard


class Host(App[None]):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page_to_show = page
        self.seen: list[Message] = []

    def compose(self) -> ComposeResult:
        yield PageView()

    async def on_mount(self) -> None:
        await self.query_one(PageView).show(LESSON, self.page_to_show, {})

    def on_item_selected(self, message: ItemSelected) -> None:
        self.seen.append(message)

    def on_quiz_answered(self, message: QuizAnswered) -> None:
        self.seen.append(message)

    def on_prediction_locked(self, message: PredictionLocked) -> None:
        self.seen.append(message)


async def with_page(
    page: Page, test: Callable[[Host, PageView, Pilot[None]], Awaitable[None]], size: tuple[int, int] = (80, 24)
) -> None:
    host = Host(page)
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        await test(host, host.query_one(PageView), pilot)


def screen_text(app: App[None]) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def card(view: PageView, key: str) -> Card:
    return next(one for one in view.query(Card) if one.item.key == key)


def said(view: PageView, key: str) -> str:
    one = card(view, key)
    return "\n".join(line.plain for line in one.body.laid(one.body.size.width))


async def test_prose_is_one_widget_and_hidden_snippets_are_none() -> None:
    hidden = Snippet(replace(SNIPPET.code, key="hidden", tags=frozenset({"hide-cell"})))
    page = Page(1, "Title", (para("one"), hidden, para("two"), para("three"), SNIPPET))

    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        assert len(view.children) == 3
        assert "Title" in screen_text(host) and "three" in screen_text(host)

    await with_page(page, test)


async def test_tab_selects_card_after_card() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        host.set_focus(view)
        keys = []
        for _ in range(3):
            await pilot.press("tab")
            await pilot.pause()
            assert view.selected is not None
            keys.append(view.selected.key)
        assert keys == [EXERCISE.key, QUIZ.key, PREDICT.key]
        assert [one.item.key for one in host.seen if isinstance(one, ItemSelected)] == keys
        assert isinstance(host.focused, Input)

    await with_page(PAGES[1], test)


async def test_select_marks_without_taking_the_focus() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        before = host.focused
        view.select(QUIZ.key)
        await pilot.pause()
        assert view.selected is QUIZ and host.focused is before and not host.seen
        view.select("nowhere")
        assert view.selected is None

    await with_page(PAGES[1], test)


async def test_states_are_said_in_words() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        for status, words in (
            (Status.NEW, "○ not solved yet"),
            (Status.TRIED, "● tried"),
            (Status.PASSED, "✓ solved"),
            (Status.SKIPPED, "» skipped"),
            (Status.CHANGED, "↻ changed since"),
        ):
            view.update_state(EXERCISE.key, ItemState(EXERCISE.key, status))
            await pilot.pause()
            assert words in screen_text(host)

    await with_page(PAGES[1], test)


async def test_hints_and_solution_come_into_view() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        view.scroll_to(y=0, animate=False)
        for number, hint in enumerate(EXERCISE.hints, 1):
            view.show_hint(EXERCISE.key, hint, number, 2)
            await pilot.pause()
            await pilot.pause()
            assert f"Hint {number} of 2" in screen_text(host)
        view.show_solution(EXERCISE.key, EXERCISE.solution, EXERCISE.alternatives)
        await pilot.pause()
        await pilot.pause()
        assert "Solution" in screen_text(host)
        assert "The same line, the other way round." in said(view, EXERCISE.key)

    await with_page(PAGES[1], test, (60, 16))


async def test_the_end_of_a_hint_is_seen_when_a_scroll_bar_comes_with_it() -> None:
    """The bar takes two columns: a paragraph above then wraps into one line more, and moves all below it."""
    brim = para("x" * 38 + " " + "y" * 37)
    hint = Hint("Hint", (para("word " * 130 + "the very end."),))
    exercise = replace(EXERCISE, hints=(hint,))

    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        assert not view.show_vertical_scrollbar
        view.show_hint(EXERCISE.key, hint, 1, 1)
        await wait_for(pilot, lambda: view.show_vertical_scrollbar and "the very end." in screen_text(host))

    await with_page(replace(PAGES[1], blocks=(brim, brim, brim, exercise)), test, (80, 16))


async def test_a_hint_of_an_earlier_visit_is_there_again() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        await view.show(LESSON, PAGES[1], {EXERCISE.key: ItemState(EXERCISE.key, Status.TRIED, attempts=1, hints=1)})
        await pilot.pause()
        assert "Hint 1 of 2" in said(view, EXERCISE.key) and "Hint 2" not in said(view, EXERCISE.key)

    await with_page(PAGES[1], test)


async def test_a_quiz_by_keys_with_a_second_try() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        view.select(QUIZ.key, focus=True)
        await pilot.press("enter")
        answers = [one for one in host.seen if isinstance(one, QuizAnswered)]
        assert answers[-1].chosen == {0}
        view.show_quiz_result(QUIZ.key, grade(frozenset({0}), frozenset({1}), 3, 1))
        await pilot.pause()
        assert "It clears gradients" in said(view, QUIZ.key)
        assert "adds to what is there" not in said(view, QUIZ.key)
        await pilot.press("down", "space", "enter")
        answers = [one for one in host.seen if isinstance(one, QuizAnswered)]
        assert answers[-1].chosen == {1}
        view.show_quiz_result(QUIZ.key, grade(frozenset({1}), frozenset({1}), 3, 2))
        await pilot.pause()
        assert "✓ right" in said(view, QUIZ.key) and "leave it out" in said(view, QUIZ.key)
        await pilot.press("1", "enter")
        assert len([one for one in host.seen if isinstance(one, QuizAnswered)]) == 2

    await with_page(PAGES[1], test)


async def test_a_quiz_with_several_right_options_has_boxes() -> None:
    both = replace(QUIZ, options=(*QUIZ.options, Option((para("And so does this."),), True, (para("Yes."),))))

    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        view.select(both.key, focus=True)
        await pilot.press("enter")
        assert not [one for one in host.seen if isinstance(one, QuizAnswered)]
        await pilot.press("2", "4", "1", "1", "enter")
        answer = next(one for one in host.seen if isinstance(one, QuizAnswered))
        assert answer.chosen == {1, 3}
        assert "[x] 4" in said(view, both.key)

    await with_page(Page(1, "Quiz", (both,)), test)


async def test_a_click_chooses_an_option() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        quiz = card(view, QUIZ.key)
        await pilot.click(quiz.body, offset=(10, 3))
        await pilot.pause()
        assert "(•) 2" in said(view, QUIZ.key)

    await with_page(Page(1, "", (QUIZ,)), test)


async def test_a_prediction_hides_the_result_until_it_is_locked() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        view.select(PREDICT.key, focus=True)
        await pilot.press("enter")
        assert not [one for one in host.seen if isinstance(one, PredictionLocked)]
        await pilot.press(*"[1]", "enter")
        locked = next(one for one in host.seen if isinstance(one, PredictionLocked))
        assert locked.text == "[1]" and "nan" not in said(view, PREDICT.key)
        view.show_prediction_result(PREDICT.key, judge_output("[1]", "tensor([nan, nan])\n"))
        await pilot.pause()
        assert "[1]" in said(view, PREDICT.key) and "tensor([nan, nan])" in said(view, PREDICT.key)
        assert not card(view, PREDICT.key).query(Input)

    await with_page(PAGES[1], test)


async def test_an_aside_opens_and_closes() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        host.set_focus(view)
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert "It shifts the line" in screen_text(host)
        await pilot.press("space")
        await pilot.pause()
        assert "It shifts the line" not in screen_text(host)

    await with_page(PAGES[0], test, (80, 80))


async def test_an_aside_at_the_end_of_a_page_says_its_keys_and_comes_into_view() -> None:
    aside = Aside("One word more", (para("so many words that a line more is needed " * 8 + "the very end."),))
    page = replace(PAGES[1], blocks=(*(para("A paragraph.") for _ in range(7)), aside))

    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        assert "One word more  tab, enter open it" in screen_text(host)
        assert not view.show_vertical_scrollbar
        host.set_focus(view)
        await pilot.press("tab")
        await wait_for(pilot, lambda: "One word more  enter opens it" in screen_text(host))
        await pilot.press("enter")
        await wait_for(pilot, lambda: view.show_vertical_scrollbar and "the very end." in screen_text(host))
        await wait_for(pilot, lambda: "One word more  enter folds it" in screen_text(host))

    await with_page(page, test, (80, 20))


async def test_long_output_is_folded_until_asked_for() -> None:
    long = replace(SNIPPET, output="".join(f"row {number}\n" for number in range(30)))

    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        assert "30 lines" in said(view, long.key) and "row 3" not in said(view, long.key)
        view.select(long.key, focus=True)
        await pilot.press("o")
        await pilot.pause()
        assert "row 29" in said(view, long.key)

    await with_page(Page(1, "x", (long,)), test)


async def test_hostile_names_and_text_do_not_reach_the_screen_as_codes() -> None:
    evil = "[/foo]\x1b]0;t\x07\x1b[2J[red]"
    exercise = replace(EXERCISE, name=evil)
    page = Page(1, evil, (para(Span(evil, bold=True)), exercise, replace(QUIZ, question=(para(evil),))))

    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        text = screen_text(host)
        assert "[/foo][red]" in text and "\x1b" not in text

    await with_page(page, test)


async def test_pages_replace_each_other_from_the_top() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        view.scroll_to(y=30, animate=False)
        await view.show(LESSON, PAGES[1], {})
        await pilot.pause()
        assert view.scroll_y == 0 and "Your turn" in screen_text(host)

    await with_page(PAGES[0], test)


async def test_the_page_moves_only_where_it_must() -> None:
    async def test(host: Host, view: PageView, pilot: Pilot[None]) -> None:
        await view.show(LESSON, PAGES[0], {})
        view.select(SNIPPET.key)
        view.select(SNIPPET.key, focus=True)
        await pilot.pause()
        assert view.scroll_y == 0 and view.selected is SNIPPET
        view.select(SNIPPET.key)
        await pilot.pause()
        assert view.scroll_y > 0
        view.scroll_to(y=view.scroll_y - 3, animate=False)
        await pilot.pause()
        before = view.scroll_y
        view.select(SNIPPET.key, focus=True)
        await pilot.pause()
        assert view.scroll_y == before

    await with_page(PAGES[0], test, (80, 20))


KNOBS = """# @markdown how steep
bend = 50.0  # @param {type:"slider", min:1, max:100}
which_of_the_optimizers = "sgd"  # @param ["sgd", "adam"]"""


def knob_card(source: str, line: int = 10) -> SnippetCard:
    knobs = (
        Knob("bend", 50.0, "slider", 1, 100, help="how steep", line=line + 1),
        Knob("which_of_the_optimizers", "sgd", "choice", choices=("sgd", "adam"), line=line + 2),
    )
    snippet = Snippet(Code("k", source, line), knobs)
    return SnippetCard(snippet, ItemState("k", Status.NEW))


def test_knobs_are_listed_in_words_and_not_as_they_are_written() -> None:
    card = knob_card(KNOBS)
    lines = [line.plain.rstrip() for line in card.body_lines(76)]
    assert card.title() == "◆ Knobs" and lines[0].startswith("k turns a knob")
    assert lines[1:] == [
        "◆ bend = 50.0           how steep · 1 to 100",
        "◆ which_of_the_optimizers = 'sgd'",
        "                        one of 'sgd', 'adam'",
    ]
    assert "how steep" in " ".join(line.plain for line in card.body_lines(30))


def test_code_beside_knobs_is_shown() -> None:
    card = knob_card(f"{KNOBS}\nsteps = 3")
    assert card.title() == "▶ Run" and card.body_lines(76)[0].plain.strip() == "steps = 3"
