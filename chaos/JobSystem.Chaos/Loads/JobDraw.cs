using System.Text;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Loads;

/// <summary>
/// What is drawn for one job: its class, its queue, its payload's length, its work. Follows from its name, so producer,
/// worker and report know it without a word between them, and every run of the job is alike. Pure.
/// </summary>
internal readonly record struct JobDraw(int Class, int Queue, int Payload, TimeSpan Work)
{
    public static JobDraw Of(JobId job, WorkloadPlan plan)
    {
        var draws = new Draws(JobHistory.HashOf(Encoding.UTF8.GetBytes($"{JobName.Seeded(job)}")));
        var kind = Pick(plan.Mix, static each => each.Weight, draws.Next());
        var queue = Pick(plan.Queues, static each => each.Weight, draws.Next());
        var of = plan.Mix[kind];
        return new JobDraw(
            kind, queue, (int)of.Payload.Draw(ref draws), TimeSpan.FromMilliseconds(of.Work.Draw(ref draws)));
    }

    private static int Pick<T>(IReadOnlyList<T> from, Func<T, double> weight, double draw)
    {
        if (from.Count == 1)
        {
            return 0;
        }

        var left = draw * from.Sum(weight);
        for (var index = 0; index < from.Count - 1; index++)
        {
            left -= weight(from[index]);
            if (left < 0)
            {
                return index;
            }
        }

        return from.Count - 1;
    }
}
