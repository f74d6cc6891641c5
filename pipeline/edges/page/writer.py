"""Fill the template of the leaders' page. Faults of the template are told before anything is written."""

import re
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError

from pipeline.base.errors import OperatorError, SpecError
from pipeline.spec.page import Page
from pipeline.spec.page_words import PageWords

_QUOTED = re.compile(r"'([^']+)'")


def write_page(template: str, name: str, page: Page, words: PageWords) -> bytes:
    """The page as HTML; the same input gives the same bytes. Every text is escaped.

    `name` is that of the template in messages. Raises `SpecError` for a fault of its syntax and for a field
    that the page does not have, and `OperatorError` where it cannot be filled.
    """
    given = {"page": page, "words": words.sentences, "light": words.light, "dark": words.dark}
    try:
        return _compiled(template).render(given).encode()
    except TemplateSyntaxError as fault:
        wrong = "dấu ngoặc {{ }} hoặc {% %} chưa đúng, hoặc thiếu endfor, endif"
        raise SpecError(name, [f"dòng {fault.lineno}: {wrong}"]) from fault
    except UndefinedError as fault:
        raise SpecError(name, [f"không có trường «{_QUOTED.findall(str(fault))[-1]}»"]) from fault
    except (TemplateError, TypeError) as fault:
        raise OperatorError(
            f"Không điền được mẫu {name}: một trường, vòng lặp hoặc bộ lọc đặt sai chỗ. "
            "Hãy lấy lại bản gốc của mẫu rồi sửa lại từng bước."
        ) from fault


@lru_cache(maxsize=1)
def _compiled(template: str) -> Template:
    """The template, compiled once for all months of a run."""
    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return env.from_string(template)
