using System.Text;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// Headers must fit into one AMQP frame: larger ones would end the connection, and with it everybody's
/// publishes. Where they do not fit, the sender's own go first, the largest before the smaller, then the
/// checkpoint, then the error's words. A job without a header is better than no job. Pure.
/// </summary>
internal readonly struct HeaderBudget(int maxBytes, IHeaderListener listener)
{
    /// <summary>Returns why they cannot fit; null: they do now.</summary>
    public string? Fit(BasicProperties properties, IEnumerable<string> senders)
    {
        if (IsMet(properties))
        {
            return null;
        }

        var headers = properties.Headers!;
        var bySize = senders.Where(headers.ContainsKey).OrderByDescending(name => Size(headers[name]));
        foreach (var name in bySize.Append(WireHeaders.Checkpoint).Append(WireHeaders.FailureError).ToList())
        {
            if (headers.Remove(name))
            {
                listener.Ignored(name, $"the headers do not fit into the {maxBytes} bytes of a frame");
                if (IsMet(properties))
                {
                    return null;
                }
            }
        }

        return $"Its properties do not fit into the {maxBytes} bytes of an AMQP frame.";
    }

    private bool IsMet(IAmqpWriteable properties) => properties.GetRequiredBufferSize() <= maxBytes;

    private static int Size(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        BinaryTableValue binary => binary.Bytes.Length,
        _ => 8,
    };
}
