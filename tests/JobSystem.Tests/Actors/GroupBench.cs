using Akka.Actor;
using JobSystem.Actors;

namespace JobSystem.Tests.Actors;

/// <summary>A parent under group supervision; its children a, b and c note what they hear, in which life.</summary>
internal sealed class GroupBench
{
    private readonly Dictionary<string, IActorRef> _children = [];
    private readonly Dictionary<string, int> _lives = [];
    private readonly Dictionary<string, int> _failingStarts = [];

    public GroupBench(ActorBench bench, RestartBudget budget, Directive pastBudget) =>
        Parent = bench.Start<object>(() => new ParentActor(bench, this, budget, pastBudget));

    public Ref<object> Parent { get; }

    public int ParentStarts { get; private set; }

    public List<string> Heard { get; } = [];

    public IActorRef Child(string name) => _children[name];

    /// <summary>The next starts of this child fail.</summary>
    public void FailStarts(string name, int times) => _failingStarts[name] = times;

    private int Start(string name)
    {
        if (_failingStarts.TryGetValue(name, out var times) && times > 0)
        {
            _failingStarts[name] = times - 1;
            throw new InvalidOperationException($"{name} cannot start.");
        }

        var life = _lives[name] = _lives.GetValueOrDefault(name) + 1;
        Heard.Add($"{name} starts {life}");
        return life;
    }

    private sealed class ParentActor(ActorBench bench, GroupBench group, RestartBudget budget, Directive pastBudget)
        : TypedActor<object>(bench.Environment)
    {
        protected override SupervisorStrategy SupervisorStrategy() => new GroupSupervision(
            budget, pastBudget, Environment, () => Random, bench.Observation.Failed);

        protected override void PreStart()
        {
            group.ParentStarts++;
            foreach (var name in new[] { "a", "b", "c" })
            {
                group._children[name] = Spawn<object>(() => new ChildActor(bench.Environment, group, name), name).Actor;
            }
        }

        protected override void Receive(object message)
        {
            if (message is "fail")
            {
                throw new InvalidOperationException("The parent failed.");
            }
        }
    }

    private sealed class ChildActor(ActorEnvironment environment, GroupBench group, string name)
        : TypedActor<object>(environment)
    {
        private int _life;

        protected override void PreStart() => _life = group.Start(name);

        protected override void Receive(object message)
        {
            if (message is "fail")
            {
                throw new InvalidOperationException($"{name} failed.");
            }

            group.Heard.Add($"{name} heard {message} in {_life}");
        }
    }
}
