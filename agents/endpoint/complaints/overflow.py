"""How endpoints say that a conversation no longer fits their model's context: a table, by make."""

from __future__ import annotations

import re

_AT_MOST = r"(?:at most|no more than|less than|fewer than|limited to|up to|longer than|limit is|>|<=)"
_WHOLE = r"\b(?:input|prompt|message|context|conversation|request has)s?"
_OF_THE_REPLY = "".join(rf"(?<!\b{what} )" for what in ("output", "completion", "response", "schema"))
"""Before words for a length: not of the conversation, but of what is to be answered."""

_PHRASES = (
    # OpenAI, Azure, vLLM, DeepSeek, OpenRouter, SambaNova, and many that imitate them
    r"context[_ -]?(?:length|window|size|limit)[^.;\n]{0,60}\b(?:exceed|overflow|too (?:long|large|small))",
    r"\b(?:exceed\w{0,10}|over|beyond|longer than|larger than|greater than|overflow\w{0,10}"
    r"|fit\w{0,10} (?:in|into|within))\b[^.;\n]{0,70}\bcontext\b",
    r"(?:max(?:imum)?|available|model'?s?|allowed) context (?:length|window|size)",
    r"context length is only|context the overflows|out of context|context is full|context shift",
    r"reduce (?:the )?(?:length|size|number) of (?:the |your )?(?:input|prompt|message|conversation|text|request)",
    r"(?:reduce|shorten) (?:the |your )?(?:input|prompt|message|conversation|context)",
    r"decrease (?:the )?input length|try (?:using )?a shorter (?:prompt|input)",
    # Codes: OpenAI, llama.cpp, GitHub Models, Copilot, Groq, gateways
    r"context_?(?:length|window|size)?_?exceeded|exceed_context_size|tokens?_limit_(?:reached|exceeded)",
    r"max_prompt_tokens_exceeded|string_above_max_length|(?:request|payload|entity|prompt|input)_?too_?(?:large|long)",
    # Anthropic, Bedrock, Fireworks, Perplexity, Cohere, Mistral, Moonshot, Baidu: "… is too long", "too many tokens"
    r"\b(?:prompt|input|message|conversation|request|content|query|history|context|text|chat|sequence|body|payload)s?\b"
    r"(?: token| tokens| length| size| body| is| are| was|s|:|'s| has| have| in| the| total| all| of| messages?"
    r"| you| submitted| sent| provided){0,4}"
    r" (?:too (?:long|large|big)|toolong|overlong)",
    r"too (?:many|much) (?:input |prompt |message |context )?tokens",
    r"too large (?:for|to process)[^.\n]{0,30}(?:model|context|batch)|input is larger than|tokens\) is too large",
    r"(?:longer|larger|bigger|more) than (?:this|the|your) model",
    # Gemini, xAI, SGLang, TGI, Together, Copilot, Cloudflare, watsonx, Volcengine: a count against a limit
    r"max(?:imum)? (?:number of |allowed )?(?:prompt|input|sequence|message|model)(?: tokens?)?"
    r" (?:length|size|count|is)",
    r"(?:context|token|sequence)(?: length)? limit (?:was |has been |is )?(?:exceeded|reached)",
    r"exceed\w{0,10} the token limit",
    # Without a unit it is a count of something else: "Input should be less than 2" is Pydantic's word for any field.
    rf"{_WHOLE}[^.\n]{{0,30}}?(?<![a-z])(?:tokens?|ids|characters)\b[^.\n]{{0,40}}{_AT_MOST}[^.\n]{{0,15}}\d",
    rf"{_WHOLE}\b[^.\n]{{0,40}}{_AT_MOST}[^.\n]{{0,15}}\d[\d,]*k? (?:\w+ )?(?:tokens|characters|words)\b",
    rf"{_WHOLE}\W{{1,3}}\d[^.\n]{{0,20}}>[^.\n]{{0,15}}\d",
    r"(?:at most|only|up to|no more than) (?:\w+ )?\d[\d,]* (?:input |prompt |context )tokens|\d tokens of context",
    r"\d tokens (?:requested|long)\b",
    r"\b(?:prompt|input|message|request(?:ed)?|total|decoder prompt|context|number of)[^.;\n]{0,60}?"
    r"\b(?:tokens?|length|size|characters|token count)\b[^.;\n]{0,60}?"
    r"\b(?:exceed\w{0,10}|longer than|larger than|greater than|more than|over) ?[^.;\n]{0,60}?"
    r"(?:\b(?:max|limit|allow|context|length|support|model|window)|\d{3,})",
    rf"{_OF_THE_REPLY}(?:token|input|prompt|message|length)[^.;\n]{{0,30}}\bexceed(?:s|ed)?\b"
    r"[^.;\n]{0,30}\b(?:limit|max)",
    r"exceed(?:s|ed)? (?:the )?(?:model|max|input|prompt)[^.;\n]{0,20}\b(?:token|length)[^.;\n]{0,20}\blimit\b",
    r"input token count is \d+ but model only supports",
    r"`?inputs`? (?:tokens|must have less than)|cannot exceed (?:the )?(?:total )?\d* ?(?:tokens|- received)",
    # DashScope, Baidu, Zhipu
    # Single makes: mlx-lm, AI21, LM Studio, transformers serve, Bedrock, OpenRouter
    r"longer than (?:the )?kv cache|maximum number of tokens for a (?:single )?request",
    r"reached (?:the )?context (?:length|window)|input length of \S+ is \d+, but|input tokens exceeded",
    r"prompt tokens limit exceeded",
    r"range of input length|input characters limit|max(?:imum)? input characters|prompt exceeds max",
    r"输入.{0,12}(?:超|过长)|超(?:出|过)[^。\n]{0,12}(?:上下文|长度)|上下文.{0,8}超|prompt\s*(?:超长|过长)",
    # Bedrock's schemas, proxies, one request that is more than a minute may have (Groq, OpenAI)
    r"expected maxlength: \d+|payload (?:size )?(?:exceeds|too large)|request entity too large|request too large",
)  # fmt: skip

_OVERFLOW = re.compile("|".join(_PHRASES), re.I)

_OF_A_SETTING = re.compile(
    r"max_(?:completion_|new_)?tokens\W{1,3}(?:(?:or|and) \W?max_\w+\W{1,3})?"
    r"(?:is|are|must|should|exceeds|cannot|has|value)\b"
    r"(?!.{0,120}\b(?:messages|prompt|conversation|inputs?|context length)\b)"
    r"|range of max_(?:completion_)?tokens",
    re.I | re.DOTALL,
)
"""Not the conversation: a `max_tokens` that no conversation leaves room for, or that the model cannot write."""

_OF_AN_ACCOUNT = re.compile(
    r"rate.?limit|\b(?:daily|hourly|weekly|monthly)\b|per (?:minute|day|hour|month|second)|\b[TR]P[MD]\b|quota"
    r"|organi[sz]ation|concurren|\bafford\b",
    re.I,
)
_NO_ROOM_LEFT = re.compile(r"max_(?:\w{1,40}_)?tokens\W{1,3}must be [^\n]{0,30}\b(?:got|received|was)\W{1,3}-\d", re.I)
"""vLLM and others count what is left of the context: nobody asks for less than nothing."""
_ONE_REQUEST = re.compile(r"request (?:body )?(?:is )?too large|must be reduced|reduce your message size", re.I)


def is_overflow(words: str) -> bool:
    """Whether an error says that the conversation is too long.

    Not so for limits on what an account may send in a time, unless the one request is more than that: then nothing but
    a shorter one will ever pass. Nor for a `max_tokens` that is too large by itself.

    Args:
        words: All that the error says; see `error_bodies.words`.
    """
    if _NO_ROOM_LEFT.search(words):
        return True
    if not _OVERFLOW.search(words) or _OF_A_SETTING.search(words):
        return False
    return not _OF_AN_ACCOUNT.search(words) or bool(_ONE_REQUEST.search(words))
