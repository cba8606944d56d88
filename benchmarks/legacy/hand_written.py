"""What a user would write instead of a bot: Playwright scripts that add customers to SQL-Ledger.

    python -m benchmarks.legacy.hand_written [--cases 30] [--url URL] [--chromium PATH]
        [--variants plain screenshots search fresh]

Prints CPU seconds (Python, Playwright's driver, all of the browser) and wall seconds for each
customer, the cost of starting and logging in taken off (by a run without customers; not for
``fresh``, where it is what is measured). Without ``--url`` it runs a SQL-Ledger of its own.
None of the scripts keeps a register, a lease or an intent, or notices that a session ended.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from benchmarks.legacy.apps import running_application
from benchmarks.legacy.cpu import Cost, measured

VARIANTS: Final = ("plain", "screenshots", "search", "fresh")
FIELDS: Final = (
    "customernumber", "name", "address1", "city", "state", "zipcode", "country", "phone", "email",
    "notes",
)  # fmt: skip
FLAGS: Final = ("--disable-gpu", "--no-first-run", "--disable-background-networking")
STEP_MS: Final = 15_000
Case = Mapping[str, str]


def customers(count: int, start: str = "H") -> list[dict[str, str]]:
    """Return customers with ten fields each; the number tells them apart."""
    names = ("Épicerie Côté & fils", "L'Atelier d'Hélène", "Garage O'Neil", "Boulangerie Noël")
    towns = (("Québec", "G1R 4S9"), ("Trois-Rivières", "G9A 5H7"), ("Montréal", "H2Y 1C6"))
    made = []
    for number in range(count):
        town, code = towns[number % len(towns)]
        made.append({
            "customernumber": f"{start}-{number:05d}", "name": f"{names[number % 4]} {number}",
            "address1": f"{number + 1}, rue de l'Église", "city": town, "state": "QC",
            "zipcode": code, "country": "Canada", "phone": f"418 643-{number % 10000:04d}",
            "email": f"client{number}@example.org", "notes": f"Dossier n° {number}, ouvert à l'été",
        })  # fmt: skip
    return made


class Clerk:
    """One page of one browser, logged in to SQL-Ledger."""

    def __init__(self, page: Page, url: str, login: str, password: str) -> None:
        """Log in."""
        self.page, self.url, self.login = page, url, login
        page.set_default_timeout(STEP_MS)
        page.goto(f"{url}/login.pl")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.click("input[value=Login]")
        page.frame_locator("frame[name=main_window]").locator("body").wait_for()

    @property
    def main(self) -> Frame:
        """The frame with the forms."""
        frame = self.page.frame("main_window")
        if frame is None:
            sys.exit("there is no frame main_window")
        return frame

    def opened(self, action: str) -> Frame:
        """Open a page of customers in its frame."""
        address = f"{self.url}/ct.pl?path=bin/mozilla&action={action}&login={self.login}&js=1"
        main = self.main
        main.goto(f"{address}&db=customer&ARAP=AR")
        return main

    def add(self, case: Case, pictures: Path | None) -> None:
        """Add one customer."""
        main = self.opened("add")
        for name in FIELDS:
            main.fill(f"[name={name}]", case[name])
        if pictures is not None:
            self.page.screenshot(path=pictures / f"{case['customernumber']}-before.png")
        with main.expect_navigation():
            main.click("input[value=Save]")
        if pictures is not None:
            self.page.screenshot(path=pictures / f"{case['customernumber']}-after.png")

    def found(self, number: str) -> bool:
        """Look a customer up by its number, and say whether the list shows it once."""
        main = self.opened("search")
        main.fill("[name=customernumber]", number)
        main.check("[name=l_customernumber]")
        with main.expect_navigation():
            main.click("input[value=Continue]")
        cells = main.locator("tr.listrow0 td, tr.listrow1 td").all_inner_texts()
        return sum(cell.strip() == number for cell in cells) == 1


def run(
    variant: str, cases: Sequence[Case], url: str, *, login: str, password: str, chromium: Path
) -> None:
    """File all cases in one of the ways."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = None if variant == "plain" else Path(folder)
        if variant == "fresh":
            for case in cases:
                with browser(chromium) as one:
                    Clerk(one.new_page(), url, login, password).add(case, pictures)
            return
        with browser(chromium) as one:
            clerk = Clerk(one.new_page(), url, login, password)
            for case in cases:
                clerk.add(case, pictures)
                if variant == "search" and not clerk.found(case["customernumber"]):
                    sys.exit("a customer is not to be found")


@contextmanager
def browser(chromium: Path) -> Iterator[Browser]:
    """Run Playwright and one browser."""
    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=chromium, args=[*FLAGS])
        try:
            yield one
        finally:
            one.close()


def measure(said: argparse.Namespace, url: str, login: str, password: str) -> dict[str, Cost]:
    """Run each variant in a process of its own, with and without cases."""
    costs = {}
    base = [sys.executable, "-m", "benchmarks.legacy.hand_written", "--url", url]
    base += ["--login", login, "--password", password, "--chromium", said.chromium, "--run"]
    for variant in said.variants:
        whole = measured([*base, variant, "--cases", said.cases])
        costs[variant] = whole.per_case(measured([*base, variant, "--cases", 0]), said.cases)
        told = {"cpu_s": round(costs[variant].cpu_s, 3), "wall_s": round(costs[variant].wall_s, 3)}
        print(json.dumps({"variant": variant, "cases": said.cases, **told}), flush=True)
    return costs


def main() -> None:
    """Measure, or (``--run``) be what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--url")
    parser.add_argument("--login", default="worker1@office")
    parser.add_argument("--password", default="admin")
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    parser.add_argument("--chromium", type=Path, default=found and Path(found))
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    parser.add_argument("--run", choices=VARIANTS, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.run:
        run(said.run, customers(said.cases, said.run.upper()), said.url, login=said.login,
            password=said.password, chromium=said.chromium)  # fmt: skip
    elif said.url:
        measure(said, said.url, said.login, said.password)
    else:
        with running_application("sql-ledger") as application:
            measure(said, application.url, said.login, application.password)
            stored = {str(each["customernumber"]) for each in application.customers()}
            print(json.dumps({"distinct customers stored": len(stored)}))


if __name__ == "__main__":
    main()
