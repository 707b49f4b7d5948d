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
    "打印(?:本页|页面|文章|此页|正文|内容)?", "关闭(?:本页|窗口|页面|此页)?",
    "返回(?:顶部|首页|列表|上一页|页首|頁首|頂部)?", "[上下]一?[页頁]", "[首尾末][页頁]", r"共\d+[页頁]",
    "回到顶部", "我要跟帖", r"已输入\d*字", "发表评论", "跟帖", "参与互动", "网友评论", "我要(?:纠错|评论|打印|分享)",
    "纠错", "分享(?:到|至|文章到|给朋友|让更多人看到)?", "收藏(?:本页|本文)?", "点赞", "转发", "举报", "评论",
    "复制链接", "加入收藏", "推荐", "放大", "缩小", "默认", "字体(?:大小)?", "字号", "大", "中", "小",
    "扫一扫.{0,20}", "扫描.{0,10}二维码.{0,12}", "微信", "微博", "新浪微博", "腾讯微博", "QQ空间", "QQ好友", "QQ",
    "朋友圈", "人人网", "取消", "浏览次数", "浏览量", "阅读次数", "阅读量", "阅读", "点击数", "点击量", "访问量",
    "次", r"\d+", "print(?: this)?(?: page| article)?", "close", "back to top",
    "next page", "previous page", "share(?: this)?", "tweet", "pin", "email",
    "e-mail", "copy link", "facebook", "twitter", "x", "linkedin", "reddit", "telegram", "whatsapp", "weibo",
    "wechat", "save", "bookmark", "listen", "nnnn", "comments?", "reply", "like", "follow(?: us)?",
)  # fmt: skip
CONTROLS = re.compile(rf"^{_MARKS}+(?>{_CONTROL_WORDS}{_MARKS}+)++$", re.IGNORECASE)
"""Lines made of nothing but buttons: `【打印】【关闭】`, `分享到 微信 微博`, `Share Tweet`. Atomic and possessive,
since words overlap (`字体大小`, `字体` `大` `小`): backtracking would try every way to cut a line into them."""

CREDIT = re.compile(
    r"^[\s【（(\[]*"
    + _one_of(
        "责任编辑", "責任編輯", "來源", "資料來源", "發布時間", "發佈時間", "發布日期", "發佈日期", "編輯", "記者",
        "责编", "编辑", "本文编辑", "网络编辑", "校对", "审核", "值班编辑", "初审", "复审", "终审", "来源",
        "信息来源", "文章来源", "本文来源", "稿源", "发布时间", "发布日期", "发表时间", "发布机构", "浏览次数",
        "阅读次数", "点击数", "字体", "字号", "索引号", "文章关键词", "关键词", "标签", "tags?", "filed under",
        "source", "editor", "written by", "our standards", "image(?: credit| source)?",
        "photo(?: credit)?", "posted in", "categories",
    )
    + r"\s*[:：]",
    re.IGNORECASE,
)  # fmt: skip
"""Lines that say who made the page, and when: `责任编辑：…`, `来源：… 发布时间：…`, `Tags: …`."""

TEASER = re.compile(
    r"^[\s【\[>»▶■●◆-]*(?:"
    + _one_of(
        "上一篇", "下一篇", "上一条", "下一条", "前一篇", "后一篇", "延伸阅读", "推荐阅读", "猜你喜欢", "大家都在看",
        "精彩推荐", "相关(?:阅读|链接|新闻|文章|稿件|报道|推荐|专题|文档|解读|政策|信息|内容|日志)",
        "热门(?:推荐|文章|新闻)", "更多(?:精彩|内容|新闻|阅读|资讯)", "点击(?:进入|查看|阅读)(?:更多|专题|原文|全文)",
        "阅读原文", "查看原文", "read (?:more|also|next|the full (?:story|article))", "also read", "see also",
        "related(?: (?:posts?|articles?|stories|news|reading|topics|coverage))?",
        "recommended(?: (?:for you|reading|stories))?", "trending(?: (?:now|stories|news|topics))?",
        "most (?:read|popular)", "latest (?:news|stories|posts)", "(?:next|previous) (?:article|post)",
        "editor'?s picks?", "up next",
    )
    + r"(?:[^\w]*$|\s*[:：>»|】\]])|"
    + _one_of("you (?:may|might) (?:also )?(?:like|enjoy)", r"more (?:from|stories|news)\b.{0,40}$", "don'?t miss")
    + ")",
    re.IGNORECASE,
)  # fmt: skip
"""Headings of, and pointers to, other articles: the words alone, or with a title behind a colon."""

BOX = re.compile(
    _one_of(
        "newsletter", r"\bsubscri(?:be|ption)\b", r"\bsign[ -]?up\b", "your inbox", r"\bwe use cookies\b",
        "cookie (?:policy|settings|notice)", "accept (?:all )?cookies", "privacy policy", "terms of (?:use|service)",
        "all rights reserved", r"^\s*(?:©|copyright\b)", "follow us on", "download (?:the|our) app", "get the app",
        r"join (?:us|our|the)\b.{0,30}\b(?:telegram|discord|channel|community|group)", "版权所有",
        "未经.{0,12}(?:许可|授权).{0,16}(?:转载|使用|复制)", "订阅(?:$|我们|本|更新|推送|电子报|邮件|RSS)",
        "扫码(?:$|关注|订阅|下载|阅读|查看|进群|入群|添加)", "关注.{0,12}(?:公众号|微信|微博)", "微信公众号",
        "[现現]在用APP看新[闻聞]",
        "(?:下载|打开|安装|进入).{0,12}(?:APP|客户端)",
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
        "点击", "下载", "打开", "不用", "更多", "版权", "未经", "本网", "声明", "想",
    ),
    re.IGNORECASE,
)  # fmt: skip

ADVERT = re.compile(
    r"^\W*(?:"
    + _one_of(
        "(?i:advertisements?|advertorial|advert|paid (?:content|post|partnership)|story continues below.{0,20})",
        r"(?i:(?:sponsored|promoted)(?: (?:content|post|story|links?|by\b.{0,40}))?|ads? by\b.{0,40})",
        r"(?:[A-Z0-9][\w'&.-]{0,30}\s){0,6}(?:Banner|Ad|Advert|Advertisement)s?(?:\s\d{2,4}x\d{2,4})?",
        "(?:图片|文字|网站)?广告(?:位|链接|合作)?", "广告\\s?[:：|].{0,40}", "(?:商业)?推广(?:链接|内容)?",
        "赞助(?:内容|商链接)?", "[請请](?:繼續|继续)往下[閱阅][讀读]",
    )
    + r")\W*$"
)  # fmt: skip
"""Lines that are nothing but an advert's label or name. Articles about advertising (`第二章 广告内容准则`) are not."""

POINTS_ON = re.compile(r"^[^<>]+(?:>{1,3}|»|›|→)\s*$")
"""Lines that end in an arrow: the last part of a link whose picture was lost."""

GLUED = re.compile(
    r"(?<=[.!?。！？”\"])\s*(?:[A-Z][\w'&-]{0,30}(?:\s[A-Z][\w'&-]{0,30}){0,5}\s(?:Banner|Advertisement|Ad|Promo)\s*[>»›]{0,3}"
    r"|Advertisement|广告)\s*$|(?<=[。！？])[^。！？]{2,20}(?:>>|»)\s*$"
)
"""An advert's name, or a link that points onwards, behind the last sentence of a paragraph: the markup between the two
was lost."""

DATELINE = re.compile(
    r"^[\s【（(\[]*(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?\s+\d{1,2}:\d\d"
    r"|(?:19|20)\d\d[-/.]\d{2}[-/.]\d{4}:\d{2}(?!\d)"
    r"|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}$|\d{2}-\d{2}\s\d{2}:\d{2}"
    r"|当前位置|您(?:现在)?(?:所在)?的?位置|[^<>]{1,20}(?:\s[>›»]\s[^<>]{1,30})+$)"
)
"""Lines above an article that hold its date and time, or the way to it through the site."""

STAMP = re.compile(
    r"(?:(?:19|20)\d\d|1[01]\d)\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?\s{0,3}"
    r"(?P<time>\d{1,2}[:：时]\d{2}(?:[:：]\d{2})?)?"
    r"|(?:今天|昨天|前天|\d{1,2}\s?(?:分钟|小时|天)前)\s?(?P<ago>\d{1,2}:\d{2})?"
)
"""A day, with its time or without, and days and hours ago."""
CREDIT_LABEL = re.compile(
    r"(?:发布|發布|發佈|发表|更新|直播|公开|发稿)?(?:时间|日期|時間)|资料来源|資料來源|文章来源|信息来源|来源|來源|作者|记者|記者|编辑|責編|责编|"
    r"浏览次数|阅读|点击|by\b|updated|published",
    re.IGNORECASE,
)
"""Labels of a date line."""
