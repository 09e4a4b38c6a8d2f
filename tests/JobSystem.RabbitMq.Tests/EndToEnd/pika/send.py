"""The tutorial's producers. send.py URI QUEUE [--durable] [--persistent] BODY..."""
import argparse

import pika

arguments = argparse.ArgumentParser()
arguments.add_argument("uri")
arguments.add_argument("queue")
arguments.add_argument("bodies", nargs="+")
arguments.add_argument("--durable", action="store_true")
arguments.add_argument("--persistent", action="store_true")
options = arguments.parse_args()

connection = pika.BlockingConnection(pika.URLParameters(options.uri))
channel = connection.channel()
channel.queue_declare(queue=options.queue, durable=options.durable)
for body in options.bodies:
    if options.persistent:
        properties = pika.BasicProperties(delivery_mode=2)
        channel.basic_publish(exchange="", routing_key=options.queue, body=body, properties=properties)
    else:
        channel.basic_publish(exchange="", routing_key=options.queue, body=body)
    print(f" [x] Sent {body}", flush=True)
connection.close()
