"""The ``rpa`` command, one module for each noun.

The language is chosen here, before any of its modules makes its help texts.
"""

from rpa.environment import environment_language
from rpa.i18n import choose_language

choose_language(environment_language())
