"""Composed reports in every format, for reading back: the same values as web page, Word file, PDF and OFD.

All text is made up; the places do not exist.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from xml.sax.saxutils import escape as xml_escape

Cell = tuple[str, int, int]  # text, rowspan, colspan

TITLE = "青禾县人民政府2023年政府信息公开工作年度报告"
PREAMBLE = "根据《中华人民共和国政府信息公开条例》规定，现向社会公布青禾县2023年度报告。本报告数据统计期限为2023年1月1日至2023年12月31日。"
OVERVIEW = [
    "2023年，青禾县扎实做好各项公开任务，群众获取政务信息更加方便，全县上下重视程度明显提高，工作呈现新的面貌。",
    "（一）主动公开情况。全年在县门户网站刊登各类消息1263条，其中部门动态816条、乡镇动态447条，制作图文解读材料28篇，召开发布会6场。",
    "（二）依申请公开情况。全年共办理群众提交的申请43件，比上年多9件，均在期限以内答复申请人，没有出现逾期。",
]
PROBLEMS = [
    "一是个别乡镇栏目更新偏慢，二是经办人员调整频繁，三是解读材料形式较少，离群众的期待还有距离。",
    "下一步，青禾县将组织两期业务讲座，建立栏目巡查台账，请熟悉业务的同志撰写通俗易懂的解读稿件。",
]
OTHER = "2023年未收取信息处理费。"

COLUMNS = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
REFUSED = [
    "属于国家秘密",
    "其他法律行政法规禁止公开",
    "危及“三安全一稳定”",
    "保护第三方合法权益",
    "属于三类内部事务信息",
    "属于四类过程性信息",
    "属于行政执法案卷",
    "属于行政查询事项",
]
UNAVAILABLE = ["本机关不掌握相关政府信息", "没有现成信息需要另行制作", "补正后申请内容仍不明确"]
REJECTED = [
    "信访举报投诉类申请",
    "重复申请",
    "要求提供公开出版物",
    "无正当理由大量反复申请",
    "要求行政机关确认或重新出具已获取信息",
]
OTHER_ROWS = [
    "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "其他",
]


@dataclass
class Sample:
    """Values of the three tables: 10, 25 × 7 and 15."""

    t2: list[str] = field(default_factory=list)
    t3: list[list[str]] = field(default_factory=list)
    t4: list[str] = field(default_factory=list)


def sample(seed: int = 7) -> Sample:
    """Random values: zeros as in most reports, some large, a few blank, one with decimals."""
    rng = random.Random(seed)

    def value() -> str:
        return rng.choice(
            ["0", "0", "0", str(rng.randint(1, 9)), str(rng.randint(10, 99)), str(rng.randint(100, 9999))]
        )

    t2 = [value() for _ in range(9)] + [f"{rng.randint(1, 9999)}.{rng.randint(1, 99):02d}"]
    t3 = [[value() for _ in range(7)] for _ in range(25)]
    t3[5][2] = ""
    t3[9] = [""] * 7
    return Sample(t2, t3, [value() for _ in range(15)])


def tables(s: Sample) -> list[list[list[Cell]]]:
    """The three statutory tables of the 2021 form as rows of cells with spans, as agencies lay them out."""
    one = "本年处理决定数量"
    t2: list[list[Cell]] = [
        [("第二十条第（一）项", 1, 4)],
        [(t, 1, 1) for t in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")],
        [("规章", 1, 1), *((v, 1, 1) for v in s.t2[0:3])],
        [("行政规范性文件", 1, 1), *((v, 1, 1) for v in s.t2[3:6])],
        [("第二十条第（五）项", 1, 4)],
        [("信息内容", 1, 1), (one, 1, 3)],
        [("行政许可", 1, 1), (s.t2[6], 1, 3)],
        [("第二十条第（六）项", 1, 4)],
        [("信息内容", 1, 1), (one, 1, 3)],
        [("行政处罚", 1, 1), (s.t2[7], 1, 3)],
        [("行政强制", 1, 1), (s.t2[8], 1, 3)],
        [("第二十条第（八）项", 1, 4)],
        [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 1, 3)],
        [("行政事业性收费", 1, 1), (s.t2[9], 1, 3)],
    ]
    values = iter(s.t3)

    def row() -> list[Cell]:
        return [(v, 1, 1) for v in next(values)]

    t3: list[list[Cell]] = [
        [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(c, 1, 1) for c in COLUMNS],
        [("一、本年新收政府信息公开申请数量", 1, 3), *row()],
        [("二、上年结转政府信息公开申请数量", 1, 3), *row()],
        [("三、本年度办理结果", 22, 1), ("（一）予以公开", 1, 2), *row()],
        [("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1, 2), *row()],
    ]
    for name, labels in (
        ("（三）不予公开", REFUSED),
        ("（四）无法提供", UNAVAILABLE),
        ("（五）不予处理", REJECTED),
        ("（六）其他处理", OTHER_ROWS),
    ):
        for i, label in enumerate(labels):
            head: list[Cell] = [(name, len(labels), 1)] if i == 0 else []
            t3.append([*head, (f"{i + 1}.{label}", 1, 1), *row()])
    t3.append([("（七）总计", 1, 2), *row()])
    t3.append([("四、结转下年度继续办理", 1, 3), *row()])
    five = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    t4: list[list[Cell]] = [
        [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((f, 2, 1) for f in five), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [(f, 1, 1) for f in five * 2],
        [(v, 1, 1) for v in s.t4],
    ]
    return [t2, t3, t4]


def parts(s: Sample) -> list[str | list[list[Cell]]]:
    """The report in order: paragraphs as strings, tables as rows."""
    t2, t3, t4 = tables(s)
    return [
        TITLE, PREAMBLE, "一、总体情况", *OVERVIEW, "二、主动公开政府信息情况", t2, "三、收到和处理政府信息公开申请情况", t3,
        "四、政府信息公开行政复议、行政诉讼情况", t4, "五、存在的主要问题及改进情况", *PROBLEMS, "六、其他需要报告的事项", OTHER,
    ]  # fmt: skip


def html_table(rows: Sequence[Sequence[Cell]], *, cell: str = "{}", border: bool = True) -> str:
    out = ['<table border="1" cellspacing="0">' if border else "<table>"]
    for row in rows:
        out.append("<tr>")
        for text, rowspan, colspan in row:
            spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
            out.append(f"<td{spans}>{cell.format(escape(text) or '&nbsp;')}</td>")
        out.append("</tr>")
    return "\n".join([*out, "</table>"])


def html_report(s: Sample, *, body: str = '<div id="zoom">{}</div>', cell: str = "<p>{}</p>") -> str:
    inner = "\n".join(f"<p>　　{escape(p)}</p>" if isinstance(p, str) else html_table(p, cell=cell) for p in parts(s))
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}-青禾县人民政府网</title></head><body>{body.format(inner)}</body></html>"


PRINT_CSS = (
    "<style>@page{size:A4;margin:28mm 26mm;@bottom-center{content:'- ' counter(page) ' -'}}"
    "body{font:16px/1.9 'Noto Serif CJK SC',serif;text-align:justify}p{margin:0}table{border-collapse:collapse;width:100%;font-size:12px}"
    "td{border:1px solid #000;text-align:center;line-height:1.4}td p{text-indent:0}</style>"
)


def docx_report(s: Sample) -> bytes:
    """The report by python-docx: merged cells as Word has them."""
    from docx import Document

    document = Document()
    for part in parts(s):
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        width = sum(c[2] for c in part[0])
        table = document.add_table(len(part), width)
        table.style = "Table Grid"
        taken: set[tuple[int, int]] = set()
        for i, row in enumerate(part):
            j = 0
            for text, rowspan, colspan in row:
                while (i, j) in taken:
                    j += 1
                cell = table.cell(i, j)
                if rowspan > 1 or colspan > 1:
                    cell = cell.merge(table.cell(i + rowspan - 1, j + colspan - 1))
                cell.text = text
                taken.update((r, c) for r in range(i, i + rowspan) for c in range(j, j + colspan))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def place(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, int, int, int, str]]:
    """``(row, col, rowspan, colspan, text)`` of each cell of a table given as rows with spans."""
    taken: set[tuple[int, int]] = set()
    out = []
    for i, row in enumerate(rows):
        j = 0
        for text, rowspan, colspan in row:
            while (i, j) in taken:
                j += 1
            taken.update((r, c) for r in range(i, i + rowspan) for c in range(j, j + colspan))
            out.append((i, j, rowspan, colspan, text))
    return out


def ofd_report(s: Sample, *, grouped: bool = True) -> bytes:
    """A small OFD writer: fixed pages of text objects and drawn lines, in millimetres, as office programs export it."""
    pages: list[list[str]] = [[]]
    size, pitch, left, right, top, bottom = 4.2, 7.0, 26.0, 184.0, 30.0, 265.0
    y = top
    identity = iter(range(10, 10**6))

    def new_page() -> None:
        nonlocal y
        number = len(pages)
        text_at(100.0, 283.0, f"- {number} -", size)
        pages.append([])
        y = top

    def text_at(x: float, at: float, text: str, size: float) -> None:
        advances = [size if ord(c) > 255 else size / 2 for c in text]
        if grouped and len(set(advances[:-1])) == 1 and len(text) > 2:
            delta = f"g {len(text) - 1} {advances[0]:g}"
        else:
            delta = " ".join(f"{a:g}" for a in advances[:-1])
        width = sum(advances)
        pages[-1].append(
            f'<ofd:TextObject ID="{next(identity)}" Boundary="{x:g} {at:g} {width:g} {size:g}" Font="2" Size="{size:g}">'
            f'<ofd:TextCode X="0" Y="{size * 0.86:g}"'
            + (f' DeltaX="{delta}"' if delta else "")
            + f">{xml_escape(text)}</ofd:TextCode></ofd:TextObject>"
        )

    def line(x0: float, y0: float, x1: float, y1: float) -> None:
        pages[-1].append(
            f'<ofd:PathObject ID="{next(identity)}" Boundary="{x0:g} {y0:g} {x1 - x0:g} {y1 - y0:g}" LineWidth="0.25">'
            f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:g} {y1 - y0:g}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    for part in parts(s):
        if isinstance(part, str):
            first = True
            per_line = int((right - left) // size)
            rest = part
            while rest:
                if y > bottom:
                    new_page()
                indent = 2 * size if first else 0.0
                room, n = (right - left - indent) / size, 0
                used = 0.0
                while n < len(rest) and used + (1 if ord(rest[n]) > 255 else 0.5) <= room:
                    used += 1 if ord(rest[n]) > 255 else 0.5
                    n += 1
                text_at(left + indent, y, rest[:n], size)
                rest, first, y = rest[n:], False, y + pitch
            del per_line
            continue
        cells = place(part)
        n_cols = max(j + c for _, j, _, c, _ in cells)
        n_rows = len(part)
        small = 2.6
        if n_cols == 10:
            widths = [10.0, 22.0, 56.0] + [10.0] * 7
        else:
            widths = [(right - left) / n_cols] * n_cols
        xs = [left]
        for w in widths:
            xs.append(xs[-1] + w)
        height = 7.0 if n_cols != 15 else 9.0
        row = 0
        while row < n_rows:
            fit = min(n_rows - row, int((bottom - y) // height))
            if fit < 1:
                new_page()
                continue
            base = y
            for i, j, rs, cs, text in cells:
                a, b = max(i, row), min(i + rs, row + fit)
                if a >= b:
                    continue
                x0, x1, y0, y1 = xs[j], xs[j + cs], base + (a - row) * height, base + (b - row) * height
                line(x0, y0, x1, y0), line(x0, y1, x1, y1), line(x0, y0, x0, y1), line(x1, y0, x1, y1)
                if i < row:
                    continue
                per = max(int((x1 - x0 - 0.6) / small), 1)
                chunks = [text[k : k + per] for k in range(0, len(text), per)]
                at = (y0 + y1) / 2 - len(chunks) * small * 1.05 / 2
                for chunk in chunks:
                    text_at(
                        (x0 + x1) / 2 - sum(small if ord(c) > 255 else small / 2 for c in chunk) / 2, at, chunk, small
                    )
                    at += small * 1.05
            y = base + fit * height
            row += fit
            if row < n_rows:
                new_page()
        y += 4
    text_at(100.0, 283.0, f"- {len(pages)} -", size)
    return pack_ofd(["".join(p) for p in pages])


_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def pack_ofd(pages: Sequence[str], *, width: float = 210, height: float = 297) -> bytes:
    """The container of an OFD around the content of its pages."""
    box = f"<ofd:PhysicalBox>0 0 {width:g} {height:g}</ofd:PhysicalBox>"
    listed = "".join(f'<ofd:Page ID="{i + 1}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "OFD.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        archive.writestr(
            "Doc_0/Document.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><ofd:Document {_NS}><ofd:CommonData><ofd:PageArea>{box}</ofd:PageArea>'
            f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        for i, page in enumerate(pages):
            archive.writestr(
                f"Doc_0/Pages/Page_{i}/Content.xml",
                f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page {_NS}><ofd:Content><ofd:Layer ID="9">{page}</ofd:Layer></ofd:Content></ofd:Page>',
            )
    return stream.getvalue()
