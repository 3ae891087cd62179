"""Whether people can use a page with a keyboard, a screen reader, or poor eyes: axe-core's rules (WCAG 2.1 A and AA), and ours."""
import functools
import pathlib
import re

import axe_core_python

AXE = pathlib.Path(axe_core_python.__file__).parent / "axe.min.js"

# axe's own best practices are in: landmarks, the order of headings.
RUN = """
    const done = arguments[arguments.length - 1];
    axe.run(document, {preload: false, iframes: false, resultTypes: ["violations"],
                       runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
        .then(found => done(found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html}`))),
              problem => done([`axe: ${problem}`]));
"""

OURS = """
    const problems = [], all = selector => [...document.querySelectorAll(selector)];
    const wanted = (fits, problem) => { if (!fits) problems.push(problem); };
    wanted(document.documentElement.lang, "no language");
    wanted(document.title.trim(), "no title");
    wanted(all("h1").length === 1, `${all("h1").length} first headings`);
    wanted(all("main").length === 1, `${all("main").length} main parts`);
    for (const field of all("input:not([type=hidden]), select, textarea"))
        wanted(field.labels.length || field.getAttribute("aria-label"), `no label: ${field.outerHTML}`);
    for (const field of all("[tabindex]")) wanted(field.tabIndex <= 0, `an order of its own: ${field.outerHTML}`);
    for (const field of all("[aria-invalid=true]")) {
        const error = document.getElementById(field.getAttribute("aria-describedby"));
        wanted(error && error.getAttribute("role") === "alert" && error.textContent.trim(), `no error beside ${field.outerHTML}`);
    }
    // What is said to be wrong is tied to what it is about, where there is something to fill in.
    const fields = all("main input:not([type=hidden], [type=checkbox])");
    const errors = all("[role=alert][id]").filter(error => error.checkVisibility());
    wanted(!errors.length || !fields.length || all("[aria-invalid=true]").length, "an error that belongs to no field");
    return problems;
"""

FOCUSABLE = """
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter(one => !one.disabled && one.checkVisibility());
"""

RING = """
    const style = getComputedStyle(arguments[0]);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
"""


def assert_well_formed(driver, what: str) -> None:
    """Language, headings, landmarks, labels, and errors at their fields: quick."""
    problems = driver.execute_script(OURS)
    assert problems == [], f"{what}: {problems}"


@functools.cache
def _axe() -> str:
    return AXE.read_text()


def assert_rules_kept(driver, what: str) -> None:
    """axe-core's rules, the contrast of the colours that are shown now included."""
    if not driver.execute_script("return typeof axe === 'object'"):
        driver.execute_script(_axe())
    # HTML has had the word `webauthn` of `autocomplete` for longer than this axe.
    problems = [one for one in driver.execute_async_script(RUN) if not re.match(r"autocomplete-valid: .*\bwebauthn\"", one)]
    assert problems == [], f"{what}: {problems}"


def assert_usable_by_keyboard(driver, what: str, press_tab) -> None:
    """`press_tab(back=…)` goes on by one, or back. Everything is reached, in the order in which it stands there, and shows it."""
    focusable = driver.execute_script(FOCUSABLE)
    assert len(focusable) > 1, f"{what}: next to nothing to reach"
    driver.execute_script("arguments[0].focus()", focusable[1])
    reached = []
    for number in range(len(focusable)):
        press_tab(back=number == 0)
        element = driver.switch_to.active_element
        assert driver.execute_script(RING, element), f"{what}: no ring around {element.get_attribute('outerHTML')}"
        reached.append(element)
    assert reached == focusable, f"{what}: {[one.get_attribute('outerHTML')[:80] for one in reached]}"
