"""The report: what it measures, that its page and its values say the same, and that the page needs nothing but itself."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator.core.audio import Audio
from animator.core.features import Word
from animator.core.motion import Motion
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe, recipe_to_toml
from animator.report.charts import LEFT, LONGEST, RIGHT, STRIPS, WIDTH, strips
from animator.report.facts import as_json
from animator.report.measure import gather
from animator.report.moments import MOST, Moment, moments
from animator.report.page import page

RIG = load_rig("arkit")
FEATURES = replace(said(SENTENCE), words=(Word("patty", 0.5, 0.95), Word("<moo>", 0.95, 1.2)))
ASKED = feeling(seconds=FEATURES.seconds, happy=0.8)
SOUND = Audio(np.sin(np.arange(round(FEATURES.seconds * 8000)) / 9.0).astype(np.float32), 8000)
VOID = {"meta", "img", "rect", "path"}


@pytest.fixture(scope="module")
def motion():
    return Visemes().generate(FEATURES, ASKED, RIG, np.random.default_rng(0))


@pytest.fixture(scope="module")
def facts(motion):
    recipe = recipe_to_toml(Recipe(generator=Choice("visemes")))
    return gather("a <line> & more.wav", motion, RIG, recipe, SOUND, FEATURES, ASKED)


class Reader(HTMLParser):
    """What a page holds: tags that are open and never closed, addresses, headings, text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.addresses, self.tags, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.addresses += [value for name, value in attributes if name in ("src", "href", "srcset", "action", "data")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_closures_that_are_made_are_met_and_one_that_is_opened_is_not(motion, facts):
    assert [closure.phone for closure in facts.closures] == ["P", "B", "M", "M", "M"]
    assert facts.met == 5
    values = motion.values.copy()
    first = facts.closures[1]
    values[int(first.start * 50) - 3 : int(first.stop * 50) + 4, RIG.columns["jawOpen"]] = 0.5
    opened = gather("", replace(motion, values=values), RIG, features=FEATURES)
    assert [closure.met for closure in opened.closures] == [True, False, True, True, True]
    assert opened.closures[1].opening > 0.2


def test_lips_apart_in_silence_leak_unless_a_feeling_has_them_so(motion):
    open_mouth = np.tile(RIG.row({"jawOpen": 0.2}), (100, 1))
    quiet = said("SIL:2000")
    gaping = gather("", Motion(RIG.names, open_mouth, Fraction(50)), RIG, features=quiet)
    assert gaping.still == 0.0
    (leak,) = gaping.leaks
    assert (leak.start, leak.stop, leak.opening) == pytest.approx((0.2, 1.82, 0.2), abs=0.03)
    surprised = gather("", Motion(RIG.names, open_mouth, Fraction(50)), RIG, features=quiet, asked=feeling(2.0, surprised=1.0))
    assert surprised.still == 1.0
    assert gather("", motion, RIG, features=FEATURES, asked=ASKED).leaks == ()


def test_a_feeling_that_is_shown_is_read_back_and_another_is_not(motion, facts):
    assert facts.agreed > 0.8
    assert gather("", motion, RIG, features=FEATURES, asked=feeling(FEATURES.seconds, sad=0.8)).agreed == 0.0
    assert gather("", motion, RIG, features=FEATURES, asked=feeling(FEATURES.seconds, happy=0.1)).agreed is None


def test_a_performance_of_which_nothing_else_is_known_has_a_report_too(motion):
    bare = gather("captured.csv", motion, RIG)
    assert bare.closures == () and bare.still is None and bare.agreed is None and bare.sure is None
    assert "Curves" in page(bare)
    short = gather("", Motion(RIG.names, RIG.rest[None], Fraction(10)), RIG)
    assert short.jitter == {}
    assert Reader(page(short)).open == []


def test_values_are_json_and_say_what_the_facts_say(facts):
    told = json.loads(json.dumps(as_json(facts)))
    assert told["schema"] == "animator.Report/1"
    assert (told["lips"]["met"], len(told["lips"]["closures"])) == (5, 5)
    assert [word["text"] for word in told["heard"]["words"]] == ["patty", "<moo>"]
    assert len(told["over time"]["opening"]) == told["frames"] == len(facts.motion)
    assert told["over time"]["asked"]["intensities"]["happy"][0] == 0.8
    assert {curve["name"] for curve in told["curves"]} == set(RIG.names)
    assert as_json(facts) == as_json(facts)


def test_what_the_voice_tells_stands_beside_what_was_heard(motion):
    facts = gather("", motion, RIG, features=FEATURES, voice=[("happy", 0.61), ("calm", 0.2)])
    assert as_json(facts)["heard"]["voice"] == [{"feeling": "happy", "odds": 0.61}, {"feeling": "calm", "odds": 0.2}]
    assert "61%" in Reader(page(facts)).text


def test_a_page_is_whole_needs_nothing_else_and_says_the_same_each_time(facts):
    shown = [(Moment(1.0, "a <cue>"), np.full((40, 60, 4), 128, dtype=np.uint8))]
    text = page(facts, shown)
    read = Reader(text)
    assert read.open == []
    assert all(address.startswith("data:image/jpeg;base64,") for address in read.addresses)
    assert len(read.addresses) == 1
    assert not re.search(r"url\(|@import|javascript:|https?://(?!www\.w3\.org)", text)
    assert not {"script", "link", "iframe"} & {tag for tag, _ in read.tags}
    assert "a <line> & more.wav" in read.text and "<moo>" in read.text and "a <cue>" in read.text
    assert page(facts, shown) == text


def test_every_chart_has_a_title_every_picture_words_and_every_table_a_caption(facts):
    read = Reader(page(facts, [(Moment(1.0, "a cue"), np.zeros((40, 40, 4), dtype=np.uint8))]))
    charts = [given for tag, given in read.tags if tag == "svg"]
    titled = {given["id"] for tag, given in read.tags if tag == "title" and "id" in given}
    assert all(given.get("aria-hidden") == "true" or given["aria-labelledby"] in titled for given in charts)
    assert all(given["alt"] for tag, given in read.tags if tag == "img")
    count = {tag: sum(each == tag for each, _ in read.tags) for tag in ("table", "caption")}
    assert count["table"] == count["caption"] >= 6
    assert read.text.count("✓") >= 5


def test_a_missed_closure_is_marked_without_colour_too(motion):
    wide = replace(motion, values=np.tile(RIG.row({"jawOpen": 0.4}), (len(motion), 1)))
    text = Reader(page(gather("", wide, RIG, features=FEATURES))).text
    assert text.count("✗") >= 5 and "0 of 5" in text and "NO" in text


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_words_can_be_read_in_every_scheme(scheme):
    style = files("animator.report").joinpath("style.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([\w]+): (#[0-9a-f]{6});", blocks[("light", "dark", "print").index(scheme)]))
    assert set(colours) >= {"page", "card", "text", "quiet", *(f"c{k}" for k in range(8))}
    for name in ("text", "quiet", "good", "bad", *(f"c{k}" for k in range(8))):
        for ground in ("page", "card"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    for ground in ("sound", "shut"):
        assert contrast(colours["text"], colours[ground]) >= 4.5


def contrast(one, other):
    """The ratio of WCAG 2.2."""
    light = []
    for colour in (one, other):
        channels = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        light.append(float(linear @ (0.2126, 0.7152, 0.0722)) + 0.05)
    return max(light) / min(light)


@pytest.mark.parametrize("seconds", [0.02, 3.0, 12.0, 61.3, 3600.0])
def test_strips_cover_a_clip_and_are_no_more_than_can_be_printed(seconds):
    found = strips(seconds)
    assert len(found) <= STRIPS
    assert found[0].start == 0 and found[-1].stop == pytest.approx(seconds)
    assert all(one.stop == two.start for one, two in pairwise(found))
    assert len(found) == STRIPS or max(strip.stop - strip.start for strip in found) <= 1.5 * LONGEST
    assert (found[0].x(0.0), found[0].x(1e9)) == (LEFT, WIDTH - RIGHT)


def test_pictures_are_of_what_is_directed_and_of_what_the_face_does_most(facts):
    looks = [{"at": [0.3, 0.0], "start": 2.0}, {"at": [-0.2, 0.1], "word": "patty", "hold": 0.3}, {"at": [], "start": 2.5}]
    directions = {"articulation": [{"open": 1.4, "words": "patty"}], "looks": looks}
    script = Choice("script", {"cues": [{"start": 0.0, "feeling": "sad"}, {"start": 1.0, "feeling": "happy:0.5,calm:0.2"}]})
    chosen = moments(facts, Recipe(generator=Choice("visemes", directions), embedder=script))
    reasons = " | ".join(moment.reason for moment in chosen)
    for reason in ("sad", "happy:0.5, calm:0.2", "“patty”: open 1.4", "looks at 0.3, 0", "looks at -0.2, 0.1", "lips meet for P"):
        assert reason in reasons
    assert [moment.seconds for moment in chosen] == sorted({moment.seconds for moment in chosen})
    assert all(0 <= moment.seconds < facts.motion.seconds for moment in chosen)


def test_directions_at_words_that_nobody_heard_have_no_picture(motion):
    script = Choice("script", {"cues": [{"word": "patty", "feeling": "sad"}]})
    generator = Choice(
        "visemes", {"articulation": [{"open": 1.4, "words": "patty"}], "looks": [{"at": [0.1, 0.0], "word": "patty"}]}
    )
    unheard = gather("", motion, RIG)
    assert moments(unheard, Recipe(embedder=script, generator=generator)) == moments(unheard, None)


def test_of_many_cues_some_are_shown(facts):
    cues = [{"start": 0.1 * k, "feeling": "sad"} for k in range(38)]
    assert 10 <= len(moments(facts, Recipe(embedder=Choice("script", {"cues": cues})))) <= MOST
    assert len(moments(facts, None)) >= 3
