//! Barlines, repeats and voltas. MusicXML 4.0, `barline`.

use super::Writing;
use super::looks::Looks;
use super::measure::PartLane;
use super::xml::Xml;
use crate::import::musicxml::barline::default_text;
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Writes what a measure has at its start.
pub(super) fn left(writing: &mut Writing<'_>, lane: &mut PartLane<'_>, measure: &Measure) {
    let style = match measure.left_bar {
        BarStyle::Auto if measure.repeat_start => BarStyle::HeavyLight,
        style => style,
    };
    if style == BarStyle::Auto && measure.ending_start.is_none() && !measure.repeat_start {
        return;
    }
    let xml = &mut writing.xml;
    xml.open("barline", &[("location", "left")]);
    xml.optional("bar-style", &[], style.name());
    if let Some(ending) = &measure.ending_start {
        lane.passes.clone_from(&ending.passes);
        let printed = if ending.text.is_empty() { default_text(Some(&ending.passes)) } else { ending.text.clone() };
        xml.text("ending", &[("number", &ending_number(&ending.passes)), ("type", "start")], &printed);
    }
    if measure.repeat_start {
        xml.empty("repeat", &[("direction", "forward")]);
    }
    xml.close();
}

/// Writes what a measure has at its end.
pub(super) fn right(writing: &mut Writing<'_>, lane: &mut PartLane<'_>, position: usize, id: MeasureId, measure: &Measure) {
    let last = position + 1 == writing.score.measure_order().len();
    let style = match measure.right_bar {
        BarStyle::Auto if last || measure.repeat_end.is_some() => BarStyle::LightHeavy,
        style => style,
    };
    let score = writing.score;
    let fermatas = score.marks_in(id).filter_map(|(_, mark)| match (mark.anchor, &mark.kind) {
        (Anchor::Staff(part, ..), MarkKind::Fermata(shape)) if part == lane.id => Some((*shape, mark)),
        (Anchor::System(_), MarkKind::Fermata(shape)) if lane.leads() => Some((*shape, mark)),
        _ => None,
    });
    let mut fermatas: Vec<_> = fermatas.collect();
    fermatas.sort_by_key(|(_, mark)| mark.order);
    fermatas.truncate(2);
    if style == BarStyle::Auto && measure.ending_stop.is_none() && fermatas.is_empty() {
        return;
    }
    let xml = &mut writing.xml;
    xml.open("barline", &[("location", "right")]);
    xml.optional("bar-style", &[], style.name());
    for (shape, mark) in fermatas {
        fermata(xml, shape, mark);
    }
    if let Some(stop) = measure.ending_stop {
        let kind = if stop == EndingStop::Open { "discontinue" } else { "stop" };
        xml.empty("ending", &[("number", &ending_number(&lane.passes)), ("type", kind)]);
    }
    if let Some(times) = measure.repeat_end {
        let times_text = times.to_string();
        let repeat = [("direction", "backward"), ("times", times_text.as_str())];
        xml.empty("repeat", if times == 2 { &repeat[..1] } else { &repeat });
    }
    xml.close();
}

/// A fermata, on a note or a barline.
pub(super) fn fermata(xml: &mut Xml, shape: FermataShape, mark: &Mark) {
    let side = match mark.placement {
        Placement::Auto => "",
        Placement::Above => "upright",
        Placement::Below => "inverted",
    };
    let looks = Looks::default().named("type", side).colour(mark.colour);
    xml.text("fermata", &looks.attributes(), if shape == FermataShape::Normal { "" } else { shape.name() });
}

fn ending_number(passes: &[u8]) -> String {
    let passes: Vec<String> = passes.iter().filter(|pass| **pass > 0).map(u8::to_string).collect();
    passes.join(", ")
}
