"""ASP.NET WebForms demos: real __VIEWSTATE and __doPostBack, by Mono (package asp.net-examples).

The demos store nothing; what a bot sent is told by the application itself: a handler in its
global.asax writes a line for each POST that its pages took.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.legacy.programs import (
    as_user,
    free_port,
    give,
    open_to_others,
    program,
    running,
)
from benchmarks.legacy.servers import apache

PACKAGES = ("asp.net-examples", "mono-fastcgi-server4", "apache2")
SOURCE = Path("/usr/share/asp.net-demos")
POSTED = """
	static object posted = new object ();

	void Application_PreRequestHandlerExecute (object o, EventArgs args)
	{
		var context = Context;
		var page = context.Handler as System.Web.UI.Page;
		if (page != null)
			page.PreRender += delegate {
				bool valid = true;
				foreach (System.Web.UI.IValidator each in page.Validators)
					valid &= each.IsValid;
				context.Items ["valid"] = valid;
			};
	}

	void Application_PostRequestHandlerExecute (object o, EventArgs args)
	{
		if (Request.HttpMethod != "POST")
			return;
		var said = new System.Collections.Generic.Dictionary<string, object> ();
		foreach (string name in Request.Form.AllKeys)
			if (name != null && name != "__VIEWSTATE" && name != "__EVENTVALIDATION")
				said [name] = Request.Form [name];
		var files = new System.Collections.Generic.List<object> ();
		foreach (string name in Request.Files.AllKeys) {
			var file = Request.Files [name];
			var digest = BitConverter.ToString (System.Security.Cryptography.SHA256.Create ()
				.ComputeHash (file.InputStream)).Replace ("-", "").ToLower ();
			files.Add (new object [] { name, Path.GetFileName (file.FileName),
				file.ContentLength, digest });
		}
		var line = new System.Collections.Generic.Dictionary<string, object> ();
		line ["path"] = Request.Path;
		line ["valid"] = Context.Items ["valid"] ?? true;
		line ["form"] = said;
		line ["files"] = files;
		string text = new System.Web.Script.Serialization.JavaScriptSerializer ().Serialize (line);
		lock (posted)
			File.AppendAllText ("%s", text + "\\n");
	}
</script>
"""


@dataclass(frozen=True)
class AspNet:
    """The running demos, and what their pages were sent."""

    url: str
    folder: Path
    logins: tuple[str, ...] = ("jdoe@somewhere.com",)
    password: str = "password"  # noqa: S105 - written into the demo's page

    def posts(self, path: str = "") -> list[dict[str, object]]:
        """Return every POST that a page took: path, whether valid, fields, files."""
        log = self.folder / "written" / "posts.jsonl"
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return [each for each in map(json.loads, lines) if path in str(each["path"])]

    def forget(self) -> None:
        """Begin a new count."""
        (self.folder / "written" / "posts.jsonl").unlink(missing_ok=True)


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[AspNet]:
    """Run the demos with everything in ``folder``; ``seen_at`` is the port of a proxy before it."""
    open_to_others(folder)
    port, inner, code = port or free_port(), free_port(), folder / "demos"
    _install(folder, code)
    command = [
        *as_user("www-data"), program("fastcgi-mono-server4"), f"/applications=/:{code}",
        f"/socket=tcp:127.0.0.1:{inner}",
    ]  # fmt: skip
    home = {"HOME": str(folder / "written"), "TMPDIR": str(folder / "written")}
    log = folder / "mono.log"
    with (
        running(command, folder=code, log=log, port=inner, environment=home),
        apache(folder / "apache", port, _body(code, inner), modules=("proxy", "proxy_fcgi")),
    ):
        yield AspNet(f"http://127.0.0.1:{seen_at or port}", folder)


def _install(folder: Path, code: Path) -> None:
    program("/usr/share/asp.net-demos/index.aspx")
    written = folder / "written"
    written.mkdir(exist_ok=True)
    shutil.copytree(SOURCE, code, dirs_exist_ok=True)
    page = (SOURCE / "global.asax").read_text("utf-8")
    handler = POSTED.replace("%s", str(written / "posts.jsonl"))
    (code / "global.asax").write_text(page.replace("</script>", handler))
    give(written, "www-data")


def _body(code: Path, inner: int) -> str:
    return f"""
DocumentRoot {code}
<Directory {code}>
  Require all granted
</Directory>
ProxyFCGIBackendType GENERIC
ProxyPass / fcgi://127.0.0.1:{inner}{code}/
"""
