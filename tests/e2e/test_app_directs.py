"""Direct in a browser: a track for each region, gestures, single words, and what a director does by hand; all of it undone."""

import pytest

TIMELINE = "#direct-timeline"
OTHERS = """([region, before]) => {
  const drawn = document.querySelectorAll(`#direct-timeline [aria-label^='Curves of the ${region}'] :is(path, polyline)`);
  const now = [...drawn].map((each) => each.getAttribute("d") ?? each.getAttribute("points"));
  return JSON.stringify(now) !== JSON.stringify(before);
}"""


@pytest.fixture
def page(visitor):
    """The first line in Direct, which draws nothing by itself any more."""
    page = visitor().open("Direct")
    page.locator(f"{TIMELINE} [role=slider]").wait_for()
    page.get_by_label("Draw a draft after each change").uncheck()
    return page


def curves(page, region):
    drawn = page.locator(f"{TIMELINE} [aria-label^='Curves of the {region}'] :is(path, polyline)")
    return drawn.evaluate_all("all => all.map((each) => each.getAttribute('d') ?? each.getAttribute('points'))")


def track(page, region):
    return page.locator(f"{TIMELINE} [data-region='{region}'] .tl-cue")


def until(page, region, before):
    """Wait until the curves of a region are other ones, and give them."""
    page.wait_for_function(OTHERS, arg=[region, before])
    return curves(page, region)


def test_a_region_a_gesture_and_a_word_are_directed_with_the_mouse(page):
    before = {region: curves(page, region) for region in ("brows", "mouth", "head")}
    page.get_by_label("Where in the face").click()
    page.get_by_role("option", name="brows", exact=True).click()
    page.get_by_role("button", name="Add a feeling").click()
    track(page, "brows").wait_for()
    assert until(page, "brows", before["brows"])
    assert curves(page, "mouth") == before["mouth"], "a region's feeling leaves the others"
    page.get_by_role("button", name="Add a gesture").click()
    track(page, "gesture").wait_for()
    assert "nod" in track(page, "gesture").inner_text()
    until(page, "head", before["head"])

    page.get_by_role("button", name="Lips, word by word").click()
    page.locator(f"{TIMELINE} [data-word='furious']").click()
    page.wait_for_function("document.querySelector('#lip-words textarea, #lip-words input').value === 'furious'")
    page.get_by_role("spinbutton", name="Parted lips").fill("1.8")
    page.get_by_role("spinbutton", name="Parted lips").press("Enter")
    page.get_by_role("button", name="Say them so").click()
    page.get_by_text("furious: parted lips 1.8").wait_for()
    until(page, "mouth", before["mouth"])


def test_a_script_is_opened_and_looks_and_curves_are_laid_over_and_forgotten(page, assets, tmp_path):
    page.get_by_role("button", name="Scripts, looks, and curves by hand").click()
    page.locator("#hand-script input[type=file]").set_input_files(assets / "directed_all_at_once.toml")
    for region in ("all", "brows", "jaw", "gesture"):
        track(page, region).first.wait_for()
    page.get_by_text("Looks at -0.4, 0, 1, after “wait”, for 1.2 s").wait_for()
    directed = curves(page, "brows")

    page.locator("#hand-look :is(textarea, input)").fill("left")
    page.get_by_role("button", name="Look there").click()
    assert "not 'left'" in page.get_by_test_id("toast-text").first.inner_text()
    page.get_by_test_id("toast-close").first.click()
    page.locator("#hand-look :is(textarea, input)").fill("0.3,-0.1,from=1,to=2")
    page.get_by_role("button", name="Look there").click()
    page.locator(f"{TIMELINE} .tl-track", has_text="Looks").get_by_text("at 0.3, -0.1").wait_for()

    (tmp_path / "fix.csv").write_text("time,browInnerUp\n1.0,0.9\n3.0,0.9\n")
    page.locator("#hand-curves input[type=file]").set_input_files(tmp_path / "fix.csv")
    page.locator("#hand-curves").get_by_text("fix").first.wait_for()
    page.get_by_role("button", name="Lay them over").click()
    page.get_by_text("fix.csv, replace, as long as it goes on").wait_for()
    laid = until(page, "brows", directed)
    page.wait_for_function("document.querySelector('#command textarea').value.includes('--recipe')")

    page.get_by_role("button", name="Forget looks and curves").click()
    page.get_by_text("fix.csv, replace").wait_for(state="detached")
    freed = until(page, "brows", laid)
    page.get_by_role("button", name="Undo").click()
    assert until(page, "brows", freed) == laid
