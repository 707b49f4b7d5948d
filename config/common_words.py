"""Words so common that no technology, body or place can be called by them alone."""

from __future__ import annotations

_WORDS = """
    about after again all also always and any are around asks back bank banks based best big board body book bridge
    business call card case center central centre chain change city close coin come company control country credit
    cut data day deal design develop development digital down early east end energy exchange face fact fall far field
    file final finance find first flow focus food for form free from front fund future gain game gas general get gold
    good great green group growth hand head health help here high home hope house how idea industry into issue just
    key know lab land large last law lead learn led left level life light limit line link list live local long low
    made main make man many march mark market may media meet mind mine miner miners model money month more most move
    much must name need net network new news next north not note now number off office oil old one only open order
    our out over page paper park part past pay people plan plant platform play point policy port power press price
    product project public push race rate reading real record report research rest result review right rise risk road
    role rule run safe say school science sea second security see sell service set share ship short show side sign
    small smart social some south space speed staff stake star start state step still stock stop store storage street
    strong super sure system take talk tax team tech technology test than that the then they thing think this three
    time today token tokens tool top total town trade train trend trial two under unit up use value view wage wait
    war was watch water way week well west what when white who why wide will win with word work world year years young
    一个 一些 一年 一种 上市 不能 专家 业务 世界 中心 主要 今天 今年 价格 企业 会议 使用 信息 全球 公司 其中 分析 发展
    变化 可以 各种 合作 同时 品牌 商业 国内 国家 国际 增长 大家 如何 学习 学校 安全 家庭 对于 小时 工作 工程 市场 平台
    开始 建设 影响 成为 我们 技术 投资 推出 提供 支持 数据 新闻 时间 昨天 明天 最新 服务 未来 机会 模型 活动 消费 环境
    生活 生产 用户 电影 目前 目标 研究 社会 社区 科技 管理 系统 经济 结果 网站 网络 美元 能力 行业 认为 记者 设备 设计
    问题 需要 项目 领域
"""
COMMON_WORDS = frozenset(_WORDS.split())
"""English words that make up the bulk of running text and the Chinese words of two characters that headlines hold most.

Compiled by hand from ordinary news vocabulary; a name here that is meant all the same is listed under `meant`.
"""
