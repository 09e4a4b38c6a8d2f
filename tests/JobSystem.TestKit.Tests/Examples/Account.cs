using Akka.Actor;

namespace Bank;

internal sealed record Withdraw(int Transfer, int Amount);

internal sealed record Deposit(int Transfer, int Amount);

internal sealed record Done(int Transfer);

internal sealed record Refused(int Transfer);

/// <summary>
/// One account of a bank. Each change belongs to a transfer and is made once, however often it is asked for: whoever
/// gets no answer asks again.
/// </summary>
internal sealed class Account(int balance, bool remembers = true) : UntypedActor
{
    private readonly Dictionary<object, object> _answers = [];
    private int _balance = balance;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case "balance":
                Sender.Tell(_balance);
                break;
            case var _ when remembers && _answers.TryGetValue(message, out object? answer):
                Sender.Tell(answer);
                break;
            case Withdraw withdraw when withdraw.Amount > _balance:
                Answer(withdraw, new Refused(withdraw.Transfer));
                break;
            case Withdraw withdraw:
                _balance -= withdraw.Amount;
                Answer(withdraw, new Done(withdraw.Transfer));
                break;
            case Deposit deposit:
                _balance += deposit.Amount;
                Answer(deposit, new Done(deposit.Transfer));
                break;
        }
    }

    private void Answer(object question, object answer)
    {
        _answers[question] = answer;
        Sender.Tell(answer);
    }
}
