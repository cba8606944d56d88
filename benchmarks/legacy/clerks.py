"""Clerks who key one case into a real application while they are recorded, and look it up again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.legacy.cases import Line, fields_of

PEOPLE = "ou%3Dpeople%2Cdc%3Dexample%2Cdc%3Dorg"


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


def _ldap_admin(page: Page, running: Any, line: Line, _folder: Path) -> None:
    said, key = fields_of(line), line["case"]
    page.fill("[name=login]", running.logins[0])
    page.fill("[name=login_pass]", running.password)
    page.get_by_role("button", name="Authenticate").click()
    page.get_by_text("Logged in as").wait_for()
    base = running.url.removesuffix("/")
    page.goto(f"{base}/cmd.php?cmd=template_engine&server_id=1&container={PEOPLE}")
    page.get_by_label("Generic: Address Book Entry").click()
    page.get_by_text("(Step 1 of 1)").wait_for()
    texts = {
        "givenname": said["prenom"], "sn": said["nom"], "cn": f"{key} {said['nom']}",
        "o": said["organisation"], "street": said["rue"], "l": said["ville"],
        "postalcode": said["code_postal"], "telephonenumber": said["telephone"],
        "mail": said["courriel"],
    }  # fmt: skip
    for name, text in texts.items():
        page.fill(f"#new_values_{name}_0", text)
        page.keyboard.press("Tab")
        page.wait_for_timeout(200)  # the page fills in the common name by itself
    page.get_by_role("button", name="Create Object").click()
    page.get_by_text("Do you want to create this entry?").wait_for()
    page.get_by_role("button", name="Commit").click()
    page.get_by_text("Creation successful").wait_for()
    page.goto(
        f"{base}/cmd.php?cmd=query_engine&server_id=1&query=none&format=table&showresults=na"
        f"&base={PEOPLE}&scope=sub&filter=cn%3D{key}*&display_attrs=cn&orderby=cn&size_limit=50"
        "&search=Search"
    )
    page.locator("table.result_table").get_by_text(key).first.wait_for()


def _postfix_admin(page: Page, running: Any, line: Line, _folder: Path) -> None:
    said = fields_of(line)
    page.fill("[name=fUsername]", running.logins[0])
    page.fill("[name=fPassword]", running.password)
    page.get_by_role("button", name="Login").click()
    page.get_by_text("Logged in as").wait_for()
    base = running.url.removesuffix("/").removesuffix("/login.php")
    page.goto(f"{base}/edit.php?table=mailbox&domain=example.org")
    texts = {
        "local_part": said["compte"], "password": said["passe"], "password2": said["passe"],
        "name": said["nom"], "quota": said["quota"], "email_other": said["autre"],
    }  # fmt: skip
    for name, text in texts.items():
        page.fill(f"[name='value[{name}]']", text)
    page.locator("[name='value[welcome_mail]']").last.uncheck()
    page.get_by_role("button", name="Add Mailbox").click()
    page.get_by_text("has been added").wait_for()
    page.goto(f"{base}/list.php?table=mailbox&domain=example.org&search[_]={said['compte']}")
    page.get_by_text("Search parameters").wait_for()


CLERKS: Mapping[str, Callable[[Page, Any, Line, Path], None]] = {
    "roundup": _roundup,
    "sql-ledger": _sql_ledger,
    "ldap-admin": _ldap_admin,
    "postfix-admin": _postfix_admin,
}
