"""Web pages: the article alone, tables with merged cells, layout tables, bad markup."""

from __future__ import annotations

import pytest
import samples

from nlp_reports.errors import ReportError
from nlp_reports.read import read_bytes
from nlp_reports.read.grid import resolve_spans

NAV = (
    '<div class="nav"><ul>'
    + "".join(f'<li><a href="/{i}">公开栏目第{i}号导航</a></li>' for i in range(60))
    + "</ul></div>"
)
CRUMBS = '<div class="path">当前位置：首页 &gt; 政府信息公开 &gt; 年报</div>'
META = (
    '<table class="xxgk"><tr><td>索引号</td><td>0001/2024-1</td><td>发布机构</td><td>青禾县人民政府</td></tr>'
    "<tr><td>发文日期</td><td>2024-01-20</td><td>文号</td><td></td></tr></table>"
)
INFO = '<div class="info">发布日期：2024-01-20 浏览次数：123 字体：[大 中 小]</div>'
FOOT = (
    "<div>【打印本页】【关闭窗口】</div><div>上一篇：没有了</div>"
    '<div class="foot"><p>主办单位：青禾县人民政府办公室 版权所有</p><p>备案序号：00000000号 网站标识码 0000000000</p></div>'
)
TITLE = f"<h1>{samples.TITLE}</h1>"
S = samples.sample()

PAGES = {
    "trs": NAV + CRUMBS + META + TITLE + INFO + '<div class="content"><div class="TRS_Editor">{}</div></div>' + FOOT,
    "zoom": NAV + CRUMBS + '<div id="zoom" class="bt-content">' + INFO + "{}</div>" + FOOT,
    "ucap": NAV + '<div id="UCAP-CONTENT"><div class="view TRS_UEDITOR trs_paper_default">{}</div></div>' + FOOT,
    "vsb": NAV + META + '<form name="_newscontent_fromname"><div id="vsb_content">{}</div></form>' + FOOT,
    "pages": '<div class="wrap">' + NAV + CRUMBS + '<div class="pages_content">{}</div></div>' + FOOT,
    "unknown": '<div class="wrap">' + NAV + CRUMBS + '<div class="x17">' + META + "{}</div>" + FOOT + "</div>",
    "bare": "{}",
    "aspx": '<form id="form1"><div>' + NAV + '</div><div class="mid"><div class="left">' + CRUMBS + "</div><div>{}</div></div></form>" + FOOT,
    "layout_table": "<table><tr><td colspan=2>" + NAV + "</td></tr><tr><td>左侧</td><td><table><tr><td>{}</td></tr></table></td></tr><tr><td>" + FOOT + "</td></tr></table>",
    "named_like_furniture": '<div class="header"><div id="print"><div class="article">{}</div></div></div>' + FOOT,
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "cell", ["<p>{}</p>", "{}", '<p align="center"><span style="x">{}</span></p>', "<div>\n  {}\n</div>"]
)
def test_article_alone_on_every_page(page: str, cell: str, same) -> None:
    data = samples.html_report(S, body=PAGES[page], cell=cell).encode()
    [report] = read_bytes(data, path=f"{page}.html")
    same(report, S)
    assert report.format == "html"


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "utf-8", "big5"])
def test_declared_and_misdeclared_encodings(charset: str, same) -> None:
    page = samples.html_report(S).replace("utf-8", charset)
    for encoding in ("gb18030", "utf-8"):
        [report] = read_bytes(page.encode(encoding), path="a.html")
        same(report, S)


def test_line_breaks_instead_of_paragraphs(same) -> None:
    body = "<br/>　　".join(p if isinstance(p, str) else samples.html_table(p, cell="{}") for p in samples.parts(S))
    [report] = read_bytes(f"<html><body><div>{body}</div></body></html>".encode(), path="a.html")
    same(report, S)


def test_page_in_one_table_nested(same) -> None:
    rows = "".join(f"<tr><td>{p if isinstance(p, str) else samples.html_table(p)}</td></tr>" for p in samples.parts(S))
    [report] = read_bytes(f"<html><body><table>{rows}</table></body></html>".encode(), path="a.html")
    same(report, S)


def test_page_in_one_table_flat() -> None:
    rows = ""
    for part in samples.parts(S):
        if isinstance(part, str):
            rows += f'<tr><td colspan="15">{part}</td></tr>'
        else:
            rows += samples.html_table(part).partition(">")[2].rpartition("</table>")[0]
    [report] = read_bytes(f"<html><body><table>{rows}</table></body></html>".encode(), path="a.html")
    paragraphs = [report.text[b.start : b.end] for b in report.blocks if b.grid is None]
    assert paragraphs == [p for p in samples.parts(S) if isinstance(p, str)]
    grids = [b.grid for b in report.blocks if b.grid]
    assert [len(g.cells) for g in grids] == [30, 215, 34]


def test_unclosed_tables(same) -> None:
    page = samples.html_report(S)
    for broken in (
        page.replace("</table>", ""),
        page.replace("</table>", "").replace("</tr>", "").replace("</td>", ""),
    ):
        [report] = read_bytes(broken.encode(), path="a.html")
        grids = [b.grid for b in report.blocks if b.grid]
        assert [len(g.cells) for g in grids] == [30, 215, 34] or "</td>" not in broken
        assert "unclosed_table" in {n.code for n in report.notes} or "</td>" not in broken
    [report] = read_bytes(page.replace("</table>", "").encode(), path="a.html")
    same(report, S)


def test_title_from_outside_the_article() -> None:
    body = '<div class="head"><h2>云岭市财政局2022年政府信息公开工作年度报告</h2></div><div id="zoom"><p>一、总体情况</p><p>{}</p></div>'
    text = "全年在网站刊登预算决算和专项资金消息八十六条，逐条附上说明，方便群众对照查看，也方便其他部门引用。" * 3
    [report] = read_bytes(f"<html><body>{body.format(text)}</body></html>".encode(), path="a.html")
    assert report.text.split("\n")[0] == "云岭市财政局2022年政府信息公开工作年度报告"
    assert "title_outside" in {n.code for n in report.notes}
    meta = f'<html><head><meta name="ArticleTitle" content="云岭市2021年政务公开年报"><meta name="PubDate" content="2022-01-10"></head><body><div id="zoom"><p>{text}</p></div></body></html>'
    [report] = read_bytes(meta.encode(), path="a.html")
    assert report.text.split("\n")[0] == "云岭市2021年政务公开年报"
    assert [n.message for n in report.notes if n.code == "published"] == ["2022-01-10"]


def test_metadata_before_the_title_is_dropped_and_the_date_kept() -> None:
    body = META + INFO + "<p>" + samples.TITLE + "</p><p>一、总体情况</p><p>" + samples.OVERVIEW[0] + "</p>" + FOOT
    [report] = read_bytes(f"<html><body>{body}</body></html>".encode(), path="a.html")
    assert report.text == "\n".join([samples.TITLE, "一、总体情况", samples.OVERVIEW[0]])
    assert ("published", "2024-01-20") in {(n.code, n.message) for n in report.notes}


@pytest.mark.parametrize(
    "script", ['var a="' + "年度报告正文内容" * 60 + '"', 'var a="' + "\\u653f\\u5e9c" * 200 + '"']
)
def test_article_in_a_script(script: str) -> None:
    page = f'<html><body><div id="app">正在加载</div><SCRIPT type="text/javascript">{script}</SCRIPT></body></html>'
    with pytest.raises(ReportError, match=r"NR111 a\.html"):
        read_bytes(page.encode(), path="a.html")


@pytest.mark.parametrize("body", ["", "<p>&nbsp;</p>", "<img src='x.jpg'>", "<table><tr><td></td></tr></table>"])
def test_pages_without_text(body: str) -> None:
    with pytest.raises(ReportError, match="NR109"):
        read_bytes(f"<html><body>{body}</body></html>".encode(), path="a.html")


def test_huge_spans_and_depth_are_bounded() -> None:
    spans = '<td rowspan="99999999" colspan="99999999">大</td><td>1</td>'
    rows = '<tr><td colspan="1000" rowspan="1000">2</td><td>3</td></tr>' * 2000
    page = f"<html><body><p>一、总体情况</p><table><tr>{spans}</tr>{rows}</table></body></html>"
    [report] = read_bytes(page.encode(), path="a.html")
    assert all(b.grid is None or b.grid.n_cols <= 256 for b in report.blocks)
    deep = "<table><tr><td>" * 200 + "青禾县" + "</td></tr></table>" * 200
    [report] = read_bytes(f"<html><body>{deep}</body></html>".encode(), path="a.html")
    assert report.text == "青禾县"
    [report] = read_bytes(("<p>甲</p>" + "<table>" * 5000).encode(), path="a.html")
    assert report.text == "甲"


def test_spans_resolve_like_a_browser() -> None:
    grid = resolve_spans([[("甲", 0, 1), ("乙", 1, 2)], [("丙", 1, 1), ("丁", 9, 1)], [("戊", 1, 1)]])
    assert [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in grid.cells] == [
        (0, 0, 3, 1, "甲"), (0, 1, 1, 2, "乙"), (1, 1, 1, 1, "丙"), (1, 2, 2, 1, "丁"), (2, 1, 1, 1, "戊"),
    ]  # fmt: skip
    padded = resolve_spans([[("一", 1, 100), ("二", 1, 50)], [("三", 1, 100), ("四", 1, 50)]])
    assert (padded.n_rows, padded.n_cols) == (2, 2)


def test_marks_and_entities_in_text() -> None:
    page = "<html><body><p>一、总体情况</p><p>注：&lt;甲&gt;&amp;&#65;&nbsp;乙&#xfdd0;丙，<b>《办\n法》</b>共 3 件</p><p>政<ruby>務<rt>wù</rt></ruby></p></body></html>"
    [report] = read_bytes(page.encode(), path="a.html")
    assert report.text == "一、总体情况\n注：<甲>&A 乙丙，《办法》共 3 件\n政務"


def test_broken_words_in_cells_are_joined() -> None:
    page = "<table><tr><td>商业<br>企业</td><td>公益\n  组织</td><td>1 204</td><td>&nbsp;</td></tr><tr><td>1</td><td>2</td><td>3</td><td>/</td></tr></table>"
    [report] = read_bytes(f"<html><body>{page}</body></html>".encode(), path="a.html")
    assert report.text == "商业企业 | 公益组织 | 1 204 | \n1 | 2 | 3 | /"


def test_shared_pages_keep_their_tables(shared) -> None:
    for name, cells in (("suqian_2023", [30, 215, 34]), ("shanghai_2019", [53, 198, 34])):
        path = shared / "reports" / f"{name}.html"
        [report] = read_bytes(path.read_bytes(), path=str(path))
        assert [len(b.grid.cells) for b in report.blocks if b.grid] == cells
        assert "年度报告" in report.text.split("\n")[0]
        assert "首页" not in report.text and "主办单位" not in report.text
