"""The tutorial's worker: fair dispatch, acked when done. work.py URI QUEUE COUNT: ends after so many messages."""
import sys

import pika

uri, queue, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
connection = pika.BlockingConnection(pika.URLParameters(uri))
channel = connection.channel()
seen = 0


def callback(ch, method, properties, body):
    global seen
    print(f" [x] Received {body.decode()} id={properties.message_id} type={properties.type} "
          f"mode={properties.delivery_mode}", flush=True)
    ch.basic_ack(delivery_tag=method.delivery_tag)
    seen += 1
    if seen == count:
        ch.stop_consuming()


channel.basic_qos(prefetch_count=1)
channel.basic_consume(queue=queue, on_message_callback=callback)
print(" [*] Waiting for messages", flush=True)
channel.start_consuming()
connection.close()
