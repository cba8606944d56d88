"""The words of a whole document: its own text where that can be believed, else its pixels."""

from collections.abc import Iterator

from rpa.domain.document import MediaType
from rpa.domain.pages import DocumentPages
from rpa.ocr.adapters.pixels import opened
from rpa.ocr.api import OcrEngine, PageReader, PageText
from rpa.ocr.text_layer import as_page_text, believable


def document_text(
    document: DocumentPages, reader: PageReader, engine: OcrEngine
) -> Iterator[PageText]:
    """Yield the words of each page, in order.

    ``engine`` looks at a few words of a text layer before it is believed.

    Raises:
        RecognitionError: A page's image can't be decoded.
        ToolUnavailableError, ToolTimeoutError: As the engine.
    """
    layers = document.words if document.facts.media_type is MediaType.PDF else ()
    for number, image in enumerate(document.images):
        words = layers[number] if number < len(layers) else ()
        if words and believable(words, image, engine):
            height, width = opened(image.png).shape
            yield as_page_text(words, image, (width, height))
        else:
            yield reader.read(image)
