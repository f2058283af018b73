#!/usr/bin/python3
"""A mail server for tests, on 127.0.0.1 at a free port, by Debian's aiosmtpd.

Says its port on the first line, then one line of JSON per mail taken: sender, receiver and the
mail in base64. Ends when its standard input does. The receiver's name says how it answers:

  refuse@…      550 to the receiver         later@…       450 to the receiver
  refuse-data@… 554 after the mail          later-data@…  451 after the mail
  drop@…        closes the connection after the mail; hang@… never answers it
A sender called refuse@… is answered 550.
"""

import asyncio
import base64
import json
import logging
import sys

from aiosmtpd.smtp import SMTP


def say(line):
    print(line, flush=True)


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("refuse@"):
            return "550 5.7.1 this sender is not welcome"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "450 4.2.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        receiver = envelope.rcpt_tos[0]
        if receiver.startswith("refuse-data@"):
            return "554 5.7.1 this text is not welcome"
        if receiver.startswith("later-data@"):
            return "451 4.3.0 no room now"
        if receiver.startswith("hang@"):
            await asyncio.Event().wait()
        content = base64.b64encode(envelope.original_content).decode()
        say(json.dumps({"from": envelope.mail_from, "to": receiver, "mail": content}))
        if receiver.startswith("drop@"):
            server.transport.abort()
        return "250 2.0.0 taken"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="mail.test", enable_SMTPUTF8=False), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


logging.disable()  # what it makes of a client that speaks TLS to it
asyncio.run(main())
