using System.Text.Json;

namespace JobSystem.Chaos.Reports;

/// <summary>The faults of a run as JSON. Pure.</summary>
internal static class JsonRecovery
{
    public static void Write(Utf8JsonWriter json, RunReport report)
    {
        var recovery = report.Recovery;
        json.WriteStartArray("faults");
        foreach (var fault in recovery.Faults)
        {
            WriteFault(json, fault, report.OnTheWall(fault.InjectedAt));
        }

        json.WriteEndArray();
        json.WriteStartArray("recovery");
        foreach (var summary in recovery.Summary)
        {
            json.WriteStartObject();
            json.WriteString("fault", summary.Fault);
            json.WriteString("stage", NameOf(summary.Stage));
            json.WriteNumber("due", summary.Due);
            json.WriteNumber("came", summary.Came);
            json.WriteSeconds("median", summary.Median);
            json.WriteSeconds("p95", summary.P95);
            json.WriteSeconds("max", summary.Max);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteSeconds(this Utf8JsonWriter json, string name, TimeSpan? duration)
    {
        if (duration is { } known)
        {
            json.WriteNumber(name, Math.Round(known.TotalSeconds, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteFault(Utf8JsonWriter json, FaultRecovery fault, DateTimeOffset injected)
    {
        json.WriteStartObject();
        json.WriteNumber("fault", fault.Fault);
        json.WriteString("name", fault.Name);
        json.WriteString("victim", fault.Victim);
        json.WriteSeconds("plannedAt", fault.PlannedAt);
        json.WriteSeconds("injectedAt", fault.InjectedAt);
        json.WriteString("injectedOn", injected.ToUniversalTime());
        json.WriteSeconds("happenedAt", fault.HappenedAt);
        json.WriteSeconds("healedAt", fault.HealedAt);
        json.WriteString("proof", fault.Proof);
        json.WriteStartArray("troubles");
        foreach (var trouble in fault.Troubles)
        {
            json.WriteStartObject();
            json.WriteString("step", JsonNamingPolicy.CamelCase.ConvertName(trouble.Step.ToString()));
            json.WriteString("why", trouble.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        foreach (var stage in Enum.GetValues<RecoveryStage>())
        {
            json.WriteSeconds(NameOf(stage), fault[stage]);
        }

        json.WriteBoolean("hadJobsInHand", fault.HadJobsInHand);
        json.WriteNumber("backlogBefore", fault.BacklogBefore);
        json.WriteNumber("backlogPeak", fault.BacklogPeak);
        json.WriteNumber("unknown", fault.Unknown);
        json.WriteNumber("duplicated", fault.Duplicated);
        json.WriteSeconds("worstLatency", fault.WorstLatency);
        json.WriteEndObject();
    }

    private static string NameOf(RecoveryStage stage) => JsonNamingPolicy.CamelCase.ConvertName(stage.ToString());
}
