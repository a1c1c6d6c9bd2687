"""How tables of text are laid out, and in which encoding they are: told from the bytes, always alike."""

from __future__ import annotations

import json
import random
from typing import Any

import pandas as pd
import pytest

from synthgym.synthesis.tables.json_layout import orient_of
from synthgym.synthesis.tables.text_encoding import NotText, encoding_of
from synthgym.synthesis.tables.text_layout import BLANKS, NotATable, layout_of
from synthgym.synthesis.tables.text_numbers import number_format, other_format

# -- encodings ---------------------------------------------------------------------------------------------------------

TEXTS = {
    "shift_jis": "値段,都市\n" + "1,東京\n2,大阪\n" * 40,
    "cp1252": "Straße;München;Größe;schön;5 °C\nSøren;José;François;Åse;„so“ – 3 €\n",
    "cp1250": "Łódź;Gdańsk;Świętokrzyskie;żółty\nPoznań;Wrocław;Kraków;Częstochowa\n",
    "cp1251": "Москва;Санкт-Петербург;Новосибирск\nцена;площадь;год постройки\n",
    "koi8-r": "Москва;Санкт-Петербург;Новосибирск\nцена;площадь;год постройки\n",
    "cp1253": "Αθήνα;Θεσσαλονίκη;Πάτρα\nτιμή;έτος;περιοχή\n",
    "cp932": "東京都;大阪府;ひらがな;カタカナ\n価格;面積;さくら市;つくば市\n",
    "euc_jp": "東京都;大阪府;ひらがな;カタカナ\n価格;面積;さくら市;つくば市\n",
    "gb18030": "北京市;上海市;广东省;四川省\n价格;面积;年份;房屋类型\n",
    "cp949": "서울특별시;부산광역시;대구광역시\n가격;면적;연도;지역\n",
    "mac_roman": "Straße;München;Größe;schön\nFrançois;José;Åse;élève\n",
    "cp850": "Größe;Müller;straße;über\nFrançois;José;Åse;élève\n",
    "cp1254": "İstanbul;yaş;ilçe;ağrı\nışığı;öğrenci;şehir\n",
    "cp1255": "שם;גיל;עיר;ירושלים\nמחיר;שכונה;תאריך;לקוח\n",
    "cp1256": "الاسم;العمر;المدينة\nالقاهرة;الرياض;السعر\n",
    "cp1257": "Šiauliai;Panevėžys;Klaipėda\nmetų;mėnuo;žmonių\n",
    "cp866": "Москва;Санкт-Петербург;Новосибирск\nцена;площадь;год постройки\n",
    "cp874": "ชื่อ;อายุ;เมือง\nกรุงเทพ;เชียงใหม่;ราคา\n",
    "big5": "臺北市;高雄市;姓名\n年齡;性別;價格\n",
    "utf-8": "Straße;東京都;Łódź;Москва\n",
    "utf-16": "Straße;東京都;Łódź;Москва\n",
    "utf-16-le": "place;Straße;München\n",
    "utf-16-be": "place;Straße;München\n",
    "utf-8-sig": "place;Straße\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_encodings(name: str) -> None:
    data = TEXTS[name].encode(name)
    found = encoding_of(data)
    assert data.decode(found.name) == TEXTS[name]
    assert found.guessed is not name.startswith("utf")
    assert found.broken == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shift_jis", "名前,年齢,y\n" + "".join(f"東京太郎{n},{n % 90},{n % 2}\n" for n in range(300))),
        ("euc_jp", "名前,年齢\n東京太郎,1\n山田花子,2\n佐藤,3\n"),
        ("gb18030", "姓名,年龄\n张伟,1\n李娜,2\n"),
        ("cp850", "Größe\nMüller\nstraße\nüber\n"),
        ("cp850", "id,kön\n1,flicka\n2,pojke\n"),
        ("mac_roman", "Größe\nMüller\nstraße\nüber\n"),
        ("mac_roman", "élève,région\nforêt,château\nété,Noël\n"),
        ("cp1255", "תל אביב,נתניה\nמשה,כהן\n"),
        ("cp1251", "МОСКВА,ЦЕНА\nИВАНОВ,ПЕТРОВ\n"),
        ("koi8-r", "МОСКВА,ЦЕНА\nИВАНОВ,ПЕТРОВ\n"),
        ("cp1250", "żółty,1\nzielony,2\n"),
        ("cp1252", "città,età\nperché,lunedì\n"),
        ("cp1252", "regiões,avião\nSão,câmara\n"),
        ("cp1252", "name,b\n" + "Zoë,1\nBob,2\n" * 40),
        ("cp1252", "Þórður,Reykjavík\nþjóð,Ísafjörður\n"),
    ],
)
def test_encodings_that_look_like_others(name: str, text: str) -> None:
    data = text.encode(name)
    found = encoding_of(data)
    assert data.decode(found.name) == text
    assert found.guessed


def test_what_is_in_no_encoding() -> None:
    assert encoding_of(b"a,b\n1,2\n").name == "utf-8"
    assert encoding_of("é\n".encode() * 50 + b"\xff\n").broken == 1
    noise = bytes(random.Random(0).choices(range(128, 256), k=600))
    for data, said in {b"a\x00b": "0x00 .at 1", noise: "no encoding that is known"}.items():
        with pytest.raises(NotText, match=said):
            encoding_of(data)


# -- layouts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "delimiter", "skip", "first"),
    [
        ("a,b\n1,2\n", ",", 0, ("a", "b")),
        ("a;b\n1,5;2,5\n3,5;4,0\n", ";", 0, ("a", "b")),
        ("Last, First;age\nSmith, John;3\nDoe, Jane;4\n", ";", 0, ("Last, First", "age")),
        ("y\n1,5\n2,5\n", ";", 0, ("y",)),
        ("text\nHello, world\nfoo; x\n", "\t", 0, ("text",)),
        ("Report, 2020\n\na,b,c\n1,2,3\n4,5,6\n", ",", 2, ("a", "b", "c")),
        ("Report 2020,,,\n,,,\na,b,c,d\nx,1,2,3\ny,4,5,6\n", ",", 2, ("a", "b", "c", "d")),
        ("Report,2020,,\nmade by x,,,\na,b,c,d\nx,1,2,3\n", ",", 2, ("a", "b", "c", "d")),
        ("Report;\na;b\n1;2\n", ";", 1, ("a", "b")),
        ("text,\nhello,world\nfoo,bar\n", ",", 0, ("text", "")),
        ("a,,\n1,2,3\n4,5,6\n", ",", 0, ("a", "", "")),
        ("# made by x\n# z, y\na|b\n1,5|2\n", "|", 2, ("a", "b")),
        ('sep=;\na;b\n"1;x";2\n', ";", 1, ("a", "b")),
        ("a;b\r1;2\r3;4\r", ";", 0, ("a", "b")),
        ('a,b\n1,"two\nlines, yes"\n2,x\n', ",", 0, ("a", "b")),
        ('a\tb\n1\t"x\n2\ty" z\n3\t"w\n', "\t", 0, ("a", "b")),
        ('a,b\n1,"say \\"a, b\\" now"\n2,"x"\n', ",", 0, ("a", "b")),
        ("x  y\n1 2\n3   4\n", BLANKS, 0, ("x", "y")),
    ],
)
def test_layouts(text: str, delimiter: str, skip: int, first: tuple[str, ...]) -> None:
    found = layout_of(text, whole=True, blanks=True)
    assert (found.delimiter, found.skip, found.rows[0], found.header) == (delimiter, skip, first, True)
    assert layout_of(text + text.splitlines()[-1][:1], whole=False, blanks=True).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", False),
        ("5,3\n4,3\n", False),
        ("x,y\n4,3\n", True),
        ("name,kind\nA,B\n", True),
        ("country,1990,1991,1992\nA,1,2,3\nB,2,3,4\n", True),
        ("0,1,2\n0.5,0.2,0.1\n", True),
        (",0,1,2\n0,0.5,0.2,0.1\n1,0.7,0.2,0.4\n", True),
        ("5,0,0,3\n4,0,7,1\n", False),
        ("1,kind\n" + "2,a\n3,b\n" * 5, True),
        ("1,a\n" + "2,a\n3,b\n" * 5, False),
    ],
)
def test_headers(text: str, header: bool) -> None:
    assert layout_of(text, whole=True).header is header


def test_rows_that_go_beyond_the_header() -> None:
    assert layout_of("a,b\nr1,1,2\nr2,3,4\n", True).ends == "name"
    assert layout_of("a,b\n1,2,\n3,4,\n", True).ends == "cell"


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Temp,Press,Class\n°C,hPa,\n17.3,1011.8,0\n16.1,1012.0,1\n", ("°C", "hPa", "")),
        ("name,v\n,[m]\na,1\nb,\nc,NA\n", ("", "[m]")),
        ("time,v,w\nUTC,m/s,-\n2020-01-01 10:00,1.5,a\n2020-01-01 11:00,2.5,b\n", ("UTC", "m/s", "-")),
        ("a,b\nunknown,\n1,2\n3,4\n", ()),
        ("a,b\nNA,\n1,2\n3,4\n", ()),
        ("a,b\n(60.49),\n1,2\n3,4\n", ()),
        ("name,v\nBob,kg\nAnn,1\nEve,2\n", ()),
        ("name,v,unit\na,1,°C\nb,2,hPa\nc,3,K\n", ()),
        ("unit,v\nkm,\nmm,1\nm,2\n", ()),
        ("v,w\nkm,1\n2,3\n4,5\n", ()),
        ("v,w\n°C,\nwarm,3\ncold,5\n", ()),
        ("v,w\n\n°C,K\n1,3\n2,5\n", ()),
    ],
)
def test_a_row_of_units(text: str, units: tuple[str, ...]) -> None:
    found = layout_of(text, whole=True)
    assert (found.units, found.header, found.skip) == (units, True, 0)
    assert len(found.rows) == len([line for line in text.splitlines() if line]) - bool(units)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        ("a,b\n1,2\n3,4,5\n6,7\n", "line 3 has 3 cells and others have 2"),
        ('a,b\n"1,2\n3,4,5,6,7\n', "cells"),
        ("a,b\n" + "1,2\n" * 50 + "3,4,5\n" + "1,2\n" * 50, "line 52 has 3 cells"),
        ("One line, of prose; or\nmore | of\tthem\n", "cells"),
    ],
)
def test_what_is_no_table(text: str, said: str) -> None:
    with pytest.raises(NotATable, match=said):
        layout_of(text, whole=True)


@pytest.mark.parametrize(
    ("columns", "delimiter", "form"),
    [
        ([["1.5", "2"]], ",", (".", "")),
        ([["1,5", "2"]], ";", (",", "")),
        ([["1,234", "2,345"]], ";", (",", "")),
        ([["1,234", "2,345"]], ",", (".", ",")),
        ([["0,234", "2,345"]], ",", (",", "")),
        ([["1.234,5", "2"], ["3,25"]], ";", (",", ".")),
        ([["1,234.5", "2"]], "\t", (".", ",")),
        ([["1,234", "2"], ["1500.25"], ["2000.5"]], ",", (".", ",")),
        ([["1 234,5"], ["12"]], ";", (",", " ")),
        ([["1.5"], ["2.5"], ["3,5"]], ";", (".", "")),
        ([["a"], []], ",", (".", "")),
        ([["1\u00a0234,5"], ["12"]], ";", (",", "\u00a0")),
        ([["1\u202f234,5"], ["12"]], ";", (",", "\u202f")),
        ([["1'662.34"], ["12"]], ";", (".", "'")),
        ([["1\u2019662.34", "2\u2019000\u2019000"]], ";", (".", "\u2019")),
        ([["1 234.5"], ["0.5"]], ",", (".", " ")),
        ([["1 234,5", "1\u202f234,5"], ["0,5"]], ";", (",", "")),
        ([["12'5", "0'30"]], ";", (".", "")),
        ([["1.080", "3.947"]], ";", (",", ".")),
        ([["1.080", "3.947"]], ",", (".", "")),
        ([["1.080", "3.947"]], "\t", (".", "")),
        ([["1.080", "3.947"], ["0.5"]], ";", (".", "")),
        ([["1.080", "3.947"], ["0,5"]], ";", (",", ".")),
        ([["1.080", "0.947"]], ";", (".", "")),
        ([["1.080", "3.94"]], ";", (".", "")),
        ([["1,080", "3,947"], ["2,345"], ["0,5"]], ",", (",", "")),
        ([["1", "2000"]], ";", (".", "")),
    ],
)
def test_how_numbers_are_written(columns: list[list[str]], delimiter: str, form: tuple[str, str]) -> None:
    assert number_format(columns, delimiter) == form


@pytest.mark.parametrize(
    ("columns", "delimiter", "other"),
    [
        ([["1.080", "3.947"]], ";", (".", "")),
        ([["1.080", "3.947"], ["12"], ["a"]], ",", (",", ".")),
        ([["1,080", "3,947"]], ",", (",", "")),
        ([["1,080", "3,947"]], ";", (".", ",")),
        ([["1.080", "3.947"], ["0,5"]], ";", None),
        ([["1.080", "3.947"], ["0.5"]], ",", None),
        ([["1.080.000", "3.947"]], ";", None),
        ([["1", "2000"]], ";", None),
        ([["a"], []], ",", None),
    ],
)
def test_numbers_that_may_be_others(columns: list[list[str]], delimiter: str, other: tuple[str, str] | None) -> None:
    assert other_format(columns, delimiter) == other


# -- JSON --------------------------------------------------------------------------------------------------------------

LONG = pd.DataFrame({"a": range(300), "b": ["x", "y"] * 150})
LABELLED = pd.DataFrame({"2019": [1, 2, 3], "2020": [3, 4, 5]}, index=["AT", "DE", "FR"])
WIDE = pd.DataFrame({f"c{number}": [number, 0.5] for number in range(9)})
WORDS = pd.DataFrame({"a": ["x", "y", "z"], "b": ["u", "v", None]})


@pytest.mark.parametrize("orient", ["split", "index", "columns", "table"])
@pytest.mark.parametrize("frame", [LONG, LABELLED, WIDE, WORDS], ids=["long", "labelled", "wide", "words"])
def test_layouts_that_pandas_writes(frame: pd.DataFrame, orient: Any) -> None:
    assert orient_of(json.loads(str(frame.to_json(orient=orient)))) == orient


@pytest.mark.parametrize(
    ("document", "orient"),
    [
        ({"a": [1, 2], "b": [3, 4]}, "columns"),
        ({"columns": [1, 2], "data": [3, 4]}, "columns"),
        ({"a": 1, "b": 2}, "columns"),
        ({"x": {"n": 1, "s": "u"}, "y": {"n": 2}}, "index"),
        (3, "columns"),
    ],
)
def test_layouts_of_others(document: Any, orient: str) -> None:
    assert orient_of(document) == orient
