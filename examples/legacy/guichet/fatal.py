"""Fatal errors as they are shown by applications that answer them with status 200."""

FATAL = {
    "php": (
        "<br />\n<b>Fatal error</b>:  Uncaught mysqli_sql_exception: MySQL server has gone away in "
        "/var/www/guichet/inc/bd.php:214\nStack trace:\n#0 /var/www/guichet/depot.php(88): "
        "requete('INSERT INTO dep...')\n#1 {main}\n  thrown in <b>/var/www/guichet/inc/bd.php</b> "
        "on line <b>214</b><br />\n"
    ),
    "asp": (
        '<font face="Arial" size=2>\n<p>Microsoft OLE DB Provider for SQL Server</font> '
        '<font face="Arial" size=2>error \'80040e31\'</font>\n<p><font face="Arial" size=2>'
        'Timeout expired</font>\n<p><font face="Arial" size=2>/guichet/depot.asp</font>'
        '<font face="Arial" size=2>, line 131</font>\n'
    ),
    "python": (
        "<!--: spam\n<body bgcolor=#f0f0f8><font color=#f0f0f8 size=-5> -->\n<h1>A problem occurred"
        " in a Python script.</h1>\n<pre>Traceback (most recent call last):\n  File "
        '"/usr/lib/cgi-bin/depot.py", line 57, in &lt;module&gt;\n    cur.execute(INSERT, row)\n'
        "ProgrammingError: connection already closed</pre>\n"
    ),
}
"""Pages by the name that an order gives; none of them is a whole document, as in life."""
