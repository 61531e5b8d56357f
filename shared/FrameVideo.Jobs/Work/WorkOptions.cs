using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Jobs;

/// <summary>How long work is worked off. Section <c>Jobs</c>.</summary>
public sealed class WorkOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Jobs";

    /// <summary>How many pieces of work run at a time in this process: 1 to 64; by default what the service says.</summary>
    [Range(1, 64)]
    public int? Concurrency { get; set; }

    /// <summary>How soon work that failed is tried again: 0.1 s to 10 minutes, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often an instance on PostgreSQL says that it lives: 0.5 s to 1 minute, default 5 s. One that has not for three times as long is taken for dead, and its work goes on elsewhere;
    /// should it live after all, its attempts own nothing any more and write nothing.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")]
    public TimeSpan CheckinPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="InvalidOperationException">A value is out of its range; every one is named.</exception>
    internal static WorkOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(Section).Get<WorkOptions>() ?? new WorkOptions();
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true)
            ? options
            : throw new InvalidOperationException(string.Join(" ", wrong.Select(one => $"Jobs: {one.ErrorMessage}")));
    }
}
