"""The pages in a real Chromium: filters, keyboard, links, no script errors, nothing wider than a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nlp_reports as nr
from nlp_reports.render import overview_page

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def pages(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    pipeline = nr.Pipeline.default(model="rules")
    docs = [nr.tag(path, pipeline=pipeline) for path in sorted(samples.iterdir())]
    (folder / "report.html").write_text(docs[1].to_html(), encoding="utf-8")
    (folder / "overview.html").write_text(overview_page([d.report for d in docs]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def screenshot(page: Any, path: Path) -> bytes:
    """Take a screenshot; a busy machine sometimes refuses the first one."""
    try:
        return bytes(page.screenshot(path=str(path)))
    except playwright.Error:
        page.wait_for_timeout(500)
        return bytes(page.screenshot(path=str(path)))


@pytest.mark.parametrize("name", ["report", "overview"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 800)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_renders_without_errors_or_sideways_scrolling(
    browser: Any, pages: Path, tmp_path: Path, name: str, width: int, height: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((pages / f"{name}.html").as_uri())
    assert said == [] and len(asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot = screenshot(page, tmp_path / f"{name}-{width}-{scheme}.png")
    assert len(shot) > 20_000
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(int(x) for x in background[4:-1].split(",")[:3]) > 380
    assert light == (scheme == "light")
    page.close()


def test_filters_dim_what_does_not_match(browser: Any, pages: Path) -> None:
    page = browser.new_page()
    page.goto((pages / "report.html").as_uri())
    assert page.locator(".s.off").count() == 0
    page.locator(".chips button[data-value=problem]").click()
    off, on = page.locator(".s.off").count(), page.locator(".s[data-stance=problem]:not(.off)").count()
    assert off > 5 and on == 2
    page.keyboard.press("Escape")
    assert page.locator(".s.off").count() == 0
    page.locator(".chips button[data-value=error]").click()
    assert page.locator(".finding:visible").count() == page.locator(".finding[data-severity=error]").count()
    page.close()


def test_keyboard_walks_findings_and_jumps_to_the_place(browser: Any, pages: Path) -> None:
    page = browser.new_page()
    page.goto((pages / "report.html").as_uri())
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.classList.contains('finding')")
    page.keyboard.press("Enter")
    target = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    assert target.startswith("cell-t3.")
    assert page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null")
    page.close()


def test_tables_sort(browser: Any, pages: Path) -> None:
    page = browser.new_page()
    page.goto((pages / "overview.html").as_uri())
    head = page.locator("table.sortable").first.locator("thead th button").nth(1)
    head.click()
    years = page.locator("table.sortable").first.locator("tbody tr td:nth-child(2)").all_inner_texts()
    assert years == sorted(years) and len(set(years)) > 2
    head.click()
    assert page.locator("table.sortable").first.locator("tbody tr td:nth-child(2)").all_inner_texts() == sorted(
        years, reverse=True
    )
    page.close()


def test_readable_without_javascript(browser: Any, pages: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "report.html").as_uri())
    assert page.locator(".chips").first.is_hidden()
    assert page.locator(".finding").first.is_visible() and page.locator("table td.broken").first.is_visible()
    context.close()


def test_print_hides_controls(browser: Any, pages: Path) -> None:
    page = browser.new_page()
    page.goto((pages / "report.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator(".chips").first.is_hidden() and page.locator(".finding").first.is_visible()
    page.close()
