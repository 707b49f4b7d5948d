"""Everyday words that speak for a kind of act: coarse, many, and weighed by a model that learnt what each is worth.

The lexicon's papers and verbs say what an act is where it is called by its name. Headlines rather say that somebody
opens an office, hands out vouchers or lets buses go without drivers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifier.folding import fold

if TYPE_CHECKING:
    from classifier.reading import Reading

_WORDS = {
    "plan": (
        (
            r"规划|方案|计划|行动|目标|到20\d\d|力争|三年|五年|纲要|蓝图|路线图|打造|布局|战略|要点|部署|"
            r"施政报告|超过.{0,8}(?:家|个|亿)|建成|十四五|十五五|倍增"
        ),
        (
            r"plans?|planned|strateg\w+|roadmap|blueprint|by 20\d\d|target\w*|aims?|agenda|programme|initiative|"
            r"goals?|vision|five year|three year|double|build|by the end of|outline\w*|executive order|phase|"
            r"action"
        ),
    ),
    "guideline": (
        r"意见|指引|指南|措施|条|若干|政策|倡议|原则|手册|规范|守则|建议|支持|鼓励|引导|准则|参考",
        (
            r"guid\w+|principles?|handbook|recommend\w*|measures|code of practice|best practices?|framework|"
            r"advice|advis\w+|voluntary|should|support\w*|encourag\w*|manual|toolkit|opinions?|expect\w*"
        ),
    ),
    "rule": (
        r"办法|条例|规定|法|施行|细则|规则|修改|修订|生效|决定|令|通过|立法|三读|明确|要求|须|应当|实施|起",
        (
            r"rules?|regulat\w+|law|laws|act|order|pass(?:es|ed)|adopt\w*|enact\w*|effect|force|amend\w*|"
            r"requires?|must|decree|ordinance|directive|final\w*|sign(?:s|ed) .{0,20}law|parliament|votes?|"
            r"voted|signed|framework|legislat\w+|code|statut\w+|compliance|repeal\w*|limits?|conditions|revis\w+"
        ),
    ),
    "draft": (
        (
            r"征求意见|草案|拟|咨询|谘询|公开征求|送审|建议稿|提交.{0,10}(?:审议|立法)|一读|二读|初审|预告|提案|"
            r"反馈|意见稿|修法|立法"
        ),
        (
            r"draft\w*|propos\w+|consult\w*|bill|comments?|comment period|feedback|introduc\w+|would|plans? to|"
            r"readings?|committee stage|seeks?|senat\w+|lawmakers?|house|mull\w*|consider\w*|tabled?"
        ),
    ),
    "notice": (
        r"通知|公告|函|申报|通告|组织开展|征集|推荐|报送|遴选|启动.{0,10}申报|举报|受理",
        (
            r"circular|notice|notif\w+|tells?|instruct\w*|directs?|orders? (?:agencies|states|provinces)|"
            r"memo\w*|letter|reminds?|requires?|applications?|call for|reporting|ask(?:s|ed)?"
        ),
    ),
    "ban": (
        r"禁止|禁|叫停|不得|严禁|取缔|清退|关停|封堵|封锁|全面退出|一律|暂停|停止|限制|收紧|打击|断电|管制",
        (
            r"bans?|bann(?:ed|ing)|prohibit\w*|forbid\w*|outlaw\w*|block\w*|halt\w*|bar(?:s|red)|illegal|"
            r"no longer|suspend\w*|restrict\w*|stop\w*|must not|may not|curb\w*|out of|off limits|moratorium|"
            r"not allowed|export controls?"
        ),
    ),
    "enforcement": (
        (
            r"处罚|罚款|罚没|查处|立案|抓获|逮捕|刑拘|监禁|判处|冻结|起诉|指控|约谈|通报|下架|整改|吊销|查封|"
            r"专项行动|清朗|整治|侦破|破获|罚|诉|案|调查|和解|暂停其|关停"
        ),
        (
            r"fin(?:e|es|ed)|penalt\w+|su(?:es|ed|ing)|charg\w+|arrest\w*|raid\w*|seiz\w+|freezes?|freezing|froze|"
            r"investigat\w+|probe\w*|settle\w*|sentenc\w+|jail\w*|prison|convict\w*|indict\w*|guilty|crackdown|"
            r"sanction\w*|complaint|cease|accus\w+|shut|orders? .{0,30} to (?:stop|pay)|prosecut\w+|forfeit\w*|"
            r"customs seize|revok\w+"
        ),
    ),
    "licence": (
        (
            r"牌照|许可|获批|获准|持牌|发牌|准许|准入|颁发|批准|批出|证书|资质|放行|首张|"
            r"首批.{0,12}(?:许可|牌照|通过|获)|申领|领牌|备案通过|核准"
        ),
        (
            r"licen[sc]\w*|permits?|permission|approv\w+|cleared|clears|clearance|green ?lights?|authori[sz]\w+|"
            r"register\w*|registration|charter\w*|certif\w+|nod|in principle"
        ),
    ),
    "pilot": (
        r"试点|沙盒|沙箱|试行|试验|先行先试|测试|试运行|试用|先试|示范区|先导区|示范|首批.{0,8}城市|开通|试",
        (
            r"pilot\w*|sandbox\w*|trial\w*|test(?:s|ed|ing|bed|beds)?|experiment\w*|demonstration|prototype|"
            r"zone|first .{0,20}(?:city|cities)|proof of concept"
        ),
    ),
    "funding": (
        (
            r"补贴|奖励|资助|专项资金|榜单|揭榜|亿元|万元|基金|拨款|扶持|券|补助|资金|最高.{0,8}(?:万|亿)|投入|"
            r"申请|保费|贴息|奖补|支持额度"
        ),
        (
            r"fund\w*|subsid\w+|grants?|billion|million|vouchers?|invest\w*|money|cash|financ\w+|incentives?|"
            r"award\w*|spend\w*|budget\w*|loans?|bn|crore|proposals"
        ),
    ),
    "tax": (
        r"税|抵扣|发票",
        r"tax\w*|vat|levy|levies|dut(?:y|ies)|tariffs?|deduct\w*|capital gains|gst|withholding",
    ),
    "standard": (
        r"标准|国标|标委|gb/t|iso|团标|技术规范|测评|检测|强制性",
        (
            r"standard\w*|iso|ieee|itu|3gpp|specification\w*|benchmark\w*|interoperab\w+|protocol|conformance|"
            r"norms?"
        ),
    ),
    "ruling": (
        (
            r"法院|判决|裁定|判例|一审|二审|终审|上诉|合议|法官|司法解释|裁判|胜诉|败诉|案例|合同无效|认定|驳回|"
            r"原告|被告"
        ),
        (
            r"court|judges?|rul(?:ed|ing|es that)|held|verdict|appeal\w*|justices?|lawsuit|precedent|upheld|"
            r"upholds|dismiss\w*|interpretation|tribunal|plaintiffs?"
        ),
    ),
    "warning": (
        r"警告|提醒|警示|风险提示|提示|小心|谨防|可疑|当心|防范|预警|无牌|警惕|骗局|声明指|误导",
        (
            r"warn\w*|beware|caution\w*|alert\w*|suspicious|unlicen[sc]ed|impersonat\w+|scams?|risk notice|"
            r"not to"
        ),
    ),
    "statement": (
        (
            r"答记者问|发言人|记者会|吹风会|专访|受访|撰文|署名文章|讲话|致辞|表示|重申|强调|指出|称|回应|会见|"
            r"集体学习|会议|喊话|表态|谈|不会|无意|否认|论坛|节目|出席"
        ),
        (
            r"said|says|saying|spokes\w+|remarks?|speech|interview|testif\w+|hearing|told|pledg\w+|vow\w*|"
            r"reiterat\w+|urges?|calls? for|backs?|opposes?|veto\w*|position|chief|governor|minister|"
            r"chair(?:man|woman)?|speaking|asked|press conference|briefing|declaration|statement|communique"
        ),
    ),
    "body": (
        (
            r"成立|设立.{0,12}(?:办公室|委员会|专班|专员|中心|局|处|室|小组)|挂牌|揭牌|更名|组建|任命|出任|委员|"
            r"首任|履新|筹建|领导小组|工作组|联席会议|专责"
        ),
        (
            r"office|unit|task force|committee|council|commission(?:er)?|agency|bureau|institute|body|"
            r"appoint\w*|named? .{0,20} (?:head|chief|director)|head of|sets? up|set up|establish\w*|creat\w+|"
            r"members|subcommittee|working group|taskforce|panel|hub|czar"
        ),
    ),
    "agreement": (
        r"签署|协议|备忘录|达成|合作|携手|联合声明|共识|互认|联手|双方|两国|三方",
        (
            r"agree\w*|deal|sign(?:s|ed)?|memorandum|mou|treaty|accord|pact|joint(?:ly)?|join\w*|countries|"
            r"cooperat\w+|governments|partner\w*"
        ),
    ),
    "paper": (
        r"白皮书|报告|年报|蓝皮书|研究|指数|评估报告|图景|路径|讨论文件|工作论文|综述",
        (
            r"white paper|paper|report\w*|study|research|review|findings|survey|analysis|assessment|outlook|"
            r"strategy paper|discussion"
        ),
    ),
    "list": (
        (
            r"名单|目录|清单|案例(?!.{0,4}(?:推荐|征集|申报|遴选))|入选|公示|榜|备案信息|名录|批次|第.{1,3}批|公布.{0,12}(?:批|个|家|项)|白名单|"
            r"通过.{0,6}备案"
        ),
        (
            r"list(?:s|ed)?|catalogue|catalog|names?|named|selected|shortlist\w*|cases|batch|register of|picks?|"
            r"chosen|registry|cities"
        ),
    ),
}
"""Chinese and English patterns on folded text; the English ones stand for whole words."""
_PATTERNS = {
    act: (re.compile(chinese), re.compile(rf"\b(?:{english})\b")) for act, (chinese, english) in _WORDS.items()
}
_LEAD_CHINESE = 220
_LEAD_LATIN = 600
_AGAIN = 1.3
"""Weight of cues that stand more than once in a title or first clause, against one."""


def find_cues(reading: Reading) -> dict[str, float]:
    """Return the strength of each act's cues by zone: `title~ban`, `opening~ban`, `lead~ban`; only those seen."""
    opening = reading.opening
    lead = _LEAD_CHINESE if reading.is_chinese else _LEAD_LATIN
    zones = {
        "title": reading.title,
        "opening": reading.text[opening.start : opening.end] if opening else "",
        "lead": reading.text[:lead],
    }
    cues: dict[str, float] = {}
    for zone, surface in zones.items():
        text = fold(surface)
        for act, patterns in _PATTERNS.items():
            seen = sum(len(pattern.findall(text)) for pattern in patterns)
            if seen:
                cues[f"{zone}~{act}"] = min(1.0, seen / 2) if zone == "lead" else 1.0 if seen == 1 else _AGAIN
    return cues
