"""Verifies an access token as any gateway would: by the issuer's discovery document, its JWKS, and PyJWT.

Input is one line of JSON: {"issuer", "token", "subject"}; output is one line of what was seen.
"""

import json
import sys
import urllib.request

import jwt

AUDIENCE = "rollcall"


def discover(issuer):
    with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration") as answer:
        return json.load(answer)


def decode(token, keys, issuer):
    key = keys.get_signing_key_from_jwt(token).key
    required = ["exp", "iat", "jti", "sub"]
    return jwt.decode(token, key, algorithms=["ES256"], audience=AUDIENCE, issuer=issuer, options={"require": required})


def is_refused(token, keys, issuer):
    try:
        decode(token, keys, issuer)
    except jwt.InvalidTokenError:
        return True
    return False


asked = json.loads(sys.stdin.readline())
issuer, token = asked["issuer"], asked["token"]
discovery = discover(issuer)
assert discovery["issuer"] == issuer, f"the discovery document names {discovery['issuer']}"
keys = jwt.PyJWKClient(discovery["jwks_uri"])

claims = decode(token, keys, issuer)
assert claims["sub"] == asked["subject"], "the token names somebody else"
assert jwt.get_unverified_header(token)["typ"] == "at+jwt", "the token is not of type at+jwt"

head, body, signature = token.split(".")
flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
assert is_refused(f"{head}.{body}.{flipped}", keys, issuer), "a forged signature is taken"
assert is_refused(token, keys, "https://elsewhere.example"), "another issuer's token is taken"

print(f"ES256 by key {jwt.get_unverified_header(token)['kid']}, a forged signature and another issuer are refused")
