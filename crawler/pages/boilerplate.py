"""The shapes of lines that are not an article's own: controls, credits, teasers, boxes, adverts. Only patterns."""

from __future__ import annotations

import re


def _one_of(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_MARKS = r"[\s|｜【】\[\]()（）·•>»<«\-–—*:：,，、]*"

KEEP = re.compile(
    r"^[（(【\[]?\s*(?:附件|附表|附：|附录|附[0-9一二三四五六七八九十]|相关附件|attachment|annex|appendix)",
    re.IGNORECASE,
)
"""Lines that are never dropped: what a notice encloses."""

_CONTROL_WORDS = _one_of(
    "打印(?:本页|页面|文章|此页|正文|内容)?", "关闭(?:本页|窗口|页面|此页)?", "返回(?:顶部|首页|列表|上一页)?",
    "回到顶部", "我要(?:纠错|评论|打印|分享)", "纠错", "分享(?:到|至|文章到|给朋友|让更多人看到)?",
    "收藏(?:本页|本文)?", "点赞", "转发", "举报", "评论", "复制链接", "加入收藏", "推荐", "放大", "缩小", "默认",
    "字体(?:大小)?", "字号", "大", "中", "小", "扫一扫.{0,20}", "扫描.{0,10}二维码.{0,12}", "微信", "微博",
    "新浪微博", "腾讯微博", "QQ空间", "QQ好友", "QQ", "朋友圈", "人人网", "取消", "浏览次数", "浏览量", "阅读次数",
    "阅读量", "阅读", "点击数", "点击量", "访问量", "次", r"\d+", "print(?: this)?(?: page| article)?", "close",
    "back to top", "share", "tweet", "pin", "email", "e-mail", "copy link", "facebook", "twitter", "x", "linkedin",
    "reddit", "telegram", "whatsapp", "weibo", "wechat", "save", "bookmark", "listen", "comments?", "reply", "like",
    "follow(?: us)?",
)  # fmt: skip
CONTROLS = re.compile(rf"^{_MARKS}(?:{_CONTROL_WORDS}{_MARKS})+$", re.IGNORECASE)
"""Lines made of nothing but buttons: `【打印】【关闭】`, `分享到 微信 微博`, `Share Tweet Email`."""

CREDIT = re.compile(
    r"^[\s【（(\[]*"
    + _one_of(
        "责任编辑", "责编", "编辑", "本文编辑", "网络编辑", "校对", "审核", "值班编辑", "初审", "复审", "终审",
        "来源", "信息来源", "文章来源", "本文来源", "稿源", "发布时间", "发布日期", "发表时间", "发布机构",
        "浏览次数", "阅读次数", "点击数", "字体", "字号", "索引号", "文章关键词", "关键词", "标签", "tags?",
        "filed under", "source", "editor", "written by", "image(?: credit| source)?", "photo(?: credit)?",
        "posted in", "categories",
    )
    + r"\s*[:：]",
    re.IGNORECASE,
)  # fmt: skip
"""Lines that say who made the page, and when: `责任编辑：…`, `来源：… 发布时间：…`, `Tags: …`."""

TEASER = re.compile(
    r"^[\s【\[>»▶■●◆-]*"
    + _one_of(
        "上一篇", "下一篇", "上一条", "下一条", "前一篇", "后一篇", "延伸阅读", "推荐阅读", "猜你喜欢", "大家都在看",
        "精彩推荐", "相关(?:阅读|链接|新闻|文章|稿件|报道|推荐|专题|文档|解读|政策|信息|内容)",
        "热门(?:推荐|文章|新闻)", "更多(?:精彩|内容|新闻|阅读|资讯)", "点击(?:进入|查看|阅读)(?:更多|专题|原文|全文)",
        "阅读原文", "查看原文", "read (?:more|also|next|the full)", "also read", "see also",
        r"related(?: (?:posts?|articles?|stories|news|reading|topics|coverage))?\s*(?::|$)",
        r"you (?:may|might) (?:also )?(?:like|enjoy)", r"more (?:from|on|stories|news)\b.{0,40}$",
        r"recommended(?: (?:for you|reading|stories))?\s*(?::|$)",
        r"trending(?: (?:now|stories|news|topics))?\s*(?::|$)", "most (?:read|popular)",
        r"latest (?:news|stories|posts)\s*(?::|$)", r"(?:next|previous) (?:article|post)\s*(?::|$)", "don'?t miss",
        "editor'?s picks?", "up next",
    ),
    re.IGNORECASE,
)  # fmt: skip
"""Headings of, and pointers to, other articles."""

BOX = re.compile(
    _one_of(
        "newsletter", r"\bsubscri(?:be|ption)\b", r"\bsign[ -]?up\b", "your inbox", r"\bwe use cookies\b",
        "cookie (?:policy|settings|notice)", "accept (?:all )?cookies", "privacy policy", "terms of (?:use|service)",
        "all rights reserved", r"^\s*(?:©|copyright\b)", "follow us on", "download (?:the|our) app", "get the app",
        r"join (?:us|our|the)\b.{0,30}\b(?:telegram|discord|channel|community|group)", "版权所有",
        "未经.{0,12}(?:许可|授权).{0,16}(?:转载|使用|复制)", "订阅", "扫码", "关注.{0,12}(?:公众号|微信|微博)",
        "微信公众号", "(?:下载|打开|安装|进入).{0,12}(?:APP|客户端)",
    ),
    re.IGNORECASE,
)  # fmt: skip
"""Words of newsletter, cookie, copyright and download boxes. Articles may be about these things too, so a line must
also begin like a call (`CALL`)."""

CALL = re.compile(
    r"^"
    + _one_of(
        "subscribe", "sign[ -]?up", "get", "join", "follow", "download", "accept", "enter",
        "by (?:signing|subscribing|submitting|continuing)", "this (?:site|website)", "we use", "don'?t miss", "stay",
        "never miss", "©", "copyright", "all rights", "want", "love", "enjoy", "订阅", "扫码", "长按", "关注", "欢迎",
        "点击", "下载", "打开", "更多", "版权", "未经", "本网", "声明", "想",
    ),
    re.IGNORECASE,
)  # fmt: skip

ADVERT = re.compile(
    _one_of(
        r"\bbanners?\b", r"\badvert(?:s|isements?|orials?|ising)?\b", r"\bsponsor(?:ed|s)?\b", r"\bpromoted\b",
        r"\bpromo code\b", r"\bads? by\b", "广告", "赞助(?:内容|商)", "商业推广", "推广链接",
    ),
    re.IGNORECASE,
)  # fmt: skip
"""Words by which adverts name themselves."""

POINTS_ON = re.compile(r"^[^<>]+(?:>{1,3}|»|›|→)\s*$")
"""Lines that end in an arrow: the last part of a link whose picture was lost."""

GLUED = re.compile(
    r"(?<=[.!?。！？”\"])\s*(?:[A-Z][\w'&-]{0,30}(?:\s[A-Z][\w'&-]{0,30}){0,5}\s(?:Banner|Advertisement|Ad|Promo)\s*[>»›]{0,3}"
    r"|Advertisement|广告)\s*$"
)
"""An advert's name behind the last sentence of a paragraph, where the markup between the two was lost."""
