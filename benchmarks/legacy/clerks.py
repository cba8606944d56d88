"""Clerks who key one case into a real application while they are recorded, and look it up again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.legacy.cases import Line, fields_of


def _roundup(page: Page, running: Any, line: Line, folder: Path) -> None:
    said, key = fields_of(line), line["case"]
    page.fill("[name=__login_name]", "admin")
    page.fill("[name=__login_password]", running.password)
    page.click("input[type=submit][value=Login]")
    page.get_by_text("Create New").first.click()
    page.fill("[name=title]", f"{said['titre']} [{key}]")
    for name, field in (
        ("priority", "priorite"),
        ("status", "etat"),
        ("assignedto", "responsable"),
    ):
        page.select_option(f"[name={name}]", label=said[field])
    page.fill('[name="@note"]', said["note"])
    page.set_input_files("[type=file]", folder / line["files"]["piece"])
    page.click("input[type=submit][value='Submit New Entry']")
    page.wait_for_url("**ok_message**")
    page.fill('[name="@search_text"]', key)
    page.press('[name="@search_text"]', "Enter")
    page.locator("table.list").get_by_text(key).wait_for()


def _sql_ledger(page: Page, running: Any, line: Line, _folder: Path) -> None:
    said, key = fields_of(line), line["key"]
    page.fill("[name=login]", running.logins[0])
    page.fill("[name=password]", running.password)
    page.get_by_role("button", name="Login").click()
    menu, main = page.frame_locator("[name=acc_menu]"), page.frame_locator("[name=main_window]")
    main.get_by_text("Version").wait_for()
    _open_in_menu(menu, "level=Customers--Add%20Customer&")
    main.get_by_text("Billing Address").wait_for()
    texts = {
        "customernumber": key, "name": said["nom"], "address1": said["adresse"],
        "address2": said["adresse2"], "city": said["ville"], "state": said["province"],
        "zipcode": said["code_postal"], "country": said["pays"], "phone": said["telephone"],
        "email": said["courriel"], "notes": said["notes"],
        "creditlimit": said["limite"].replace(" ", "").replace(",", "."),
    }  # fmt: skip
    for name, text in texts.items():
        main.locator(f"[name={name}]").fill(text)
    year, month, day = said["debut"].split("-")
    main.locator("[name=startdate]").fill(f"{month}-{day}-{year}")
    main.get_by_role("button", name="Save", exact=True).click()
    main.locator("[name=name][value='']").wait_for()
    _open_in_menu(menu, "level=Customers--Reports--Search&")
    main.get_by_text("Include in Report").wait_for()
    main.locator("[name=customernumber]").fill(key)
    main.locator("[name=l_customernumber]").check()
    main.get_by_role("button", name="Continue").click()
    main.locator("tr.listrow0, tr.listrow1").first.wait_for()


def _open_in_menu(menu: Any, address: str) -> None:
    """Click an entry of the menu, after the headings that it is folded away under."""
    link = menu.locator(f"a[href*='{address}']").first
    link.wait_for(state="attached")
    folds = link.evaluate(
        "one => { const found = []; for (let at = one; at; at = at.parentElement)"
        " if (/^sub/.test(at.id)) found.unshift(at.id); return found; }"
    )
    for fold in folds:
        if not menu.locator(f"#{fold}").is_visible():
            menu.locator(f"#{fold.replace('sub', 'menu')}").click()
    link.click()


CLERKS: Mapping[str, Callable[[Page, Any, Line, Path], None]] = {
    "roundup": _roundup,
    "sql-ledger": _sql_ledger,
}
