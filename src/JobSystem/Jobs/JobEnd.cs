namespace JobSystem;

/// <summary>How a run ended, and what was done with its deliveries.</summary>
/// <param name="Outcome">Null when its worker failed before there was one: the deliveries are requeued.</param>
/// <param name="Settlement">Ack or Replace: the job needs no further run of this message.</param>
/// <param name="Reached">At least one live consumer was told to settle.</param>
internal readonly record struct JobEnd(JobOutcome? Outcome, Settlement Settlement, bool Reached);
