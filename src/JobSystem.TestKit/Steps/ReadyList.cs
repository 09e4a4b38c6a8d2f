namespace JobSystem.TestKit;

/// <summary>
/// What can run now. Actors stand in the order of their births, whoever was told first: Akka keeps children and
/// watchers in dictionaries whose order differs from process to process, and this order hides it.
/// </summary>
internal sealed class ReadyList
{
    private readonly List<ActorQueue> _actors = [];
    private readonly List<Turn> _others = [];

    internal int Count => _actors.Count + _others.Count;

    internal ulong TraceIdAt(int place) =>
        place < _actors.Count ? (ulong)_actors[place].Number << 8 : _others[place - _actors.Count].TraceId;

    internal void Add(ActorQueue actor)
    {
        int place = _actors.Count;
        if (place > 0 && _actors[place - 1].Number > actor.Number)
        {
            place = PlaceFor(actor.Number);
        }

        _actors.Insert(place, actor);
    }

    internal void Add(Turn turn) => _others.Add(turn);

    internal Turn Take(int place)
    {
        if (place < _actors.Count)
        {
            ActorQueue actor = _actors[place];
            _actors.RemoveAt(place);
            return new Turn(actor, null);
        }

        Turn turn = _others[place - _actors.Count];
        _others.RemoveAt(place - _actors.Count);
        return turn;
    }

    private int PlaceFor(long number)
    {
        int low = 0;
        int high = _actors.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_actors[middle].Number < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
