"""The words that bylines are made of: names, roles, places, papers, desks.

Every list is closed on purpose. A byline with a word that stands in none of them gives no credit: a missing credit is put right on the
review list, an invented person is not.
"""

from __future__ import annotations

import re


def is_korean_name(word: str) -> bool:
    """Whether ``word`` is a family name with a given name of one or two syllables, and no word that we know otherwise."""
    family = 2 if len(word) >= 3 and word[:2] in _LONG_FAMILY_NAMES else 1
    if not _SYLLABLES.fullmatch(word) or len(word) - family not in {1, 2} or (family == 1 and word[0] not in _FAMILY_NAMES):
        return False
    return not (
        word.startswith("기자")
        or word in _COMMON_NOUNS
        or is_place(word)
        or is_organisation(word)
        or is_desk(word)
        or is_role(word)
    )


def is_western_name(text: str) -> bool:
    """Whether ``text`` is two to five capitalised words, particles among them, of which none names a thing."""
    words = text.split()
    if not 2 <= len(words) <= 5 or words[-1] in _PARTICLES:
        return False
    capitalised = [word for word in words if word not in _PARTICLES]
    return len(capitalised) >= 2 and all(
        _WESTERN_WORD.fullmatch(word) and word.strip(".").casefold() not in _NO_WESTERN_NAMES for word in capitalised
    )


def is_role(word: str) -> bool:
    """Whether ``word`` says what a journalist does: 기자, 사진기자, 과학전문기자, 특파원, 논설위원, 산업부장."""
    return _ROLE.fullmatch(word) is not None or (word.endswith("장") and is_desk(word[:-1]))


def is_place(word: str) -> bool:
    """Whether ``word`` is a place that stands in datelines."""
    return word in _PLACES


def is_agency(word: str) -> bool:
    """Whether ``word`` is a news agency, whose name alone is a credit."""
    return word.casefold() in _AGENCIES


def is_organisation(word: str) -> bool:
    """Whether ``word`` is the name of a paper, a broadcaster or an agency."""
    return word in _ORGANISATIONS or is_agency(word) or _ORGANISATION.fullmatch(word) is not None


def is_desk(word: str) -> bool:
    """Whether ``word`` is a part of a newsroom: 산업경제팀, 편집국. A ministry (교육부) or a sports team (대표팀) is not."""
    return _DESK.fullmatch(word) is not None


def is_bot(word: str) -> bool:
    """Whether ``word`` names a program that writes."""
    return _BOT.fullmatch(word) is not None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SYLLABLES = re.compile(r"[가-힣]+")
# The family names of all but a few thousand Koreans; rarer ones that begin many common nouns (시, 수, 동) are left out.
_FAMILY_NAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길"
    "연위표명기반라왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감음빈호범좌팽승간상갈단견당화창"
)
_LONG_FAMILY_NAMES = _words("남궁 황보 제갈 사공 선우 서문 독고 동방 망절 어금 장곡 강전")

# What stands before 기자 in a sentence and looks like a name.
_COMMON_NOUNS = _words(
    """
    가짜 감독 강력 강원도 강의 경기도 경력 경력직 경선 경영 경쟁사 경제 경제지 경찰 경험 고급 고발 고용 고참 공공 공기업 공동 공무원 공식 공연 공채 구성원 구청 국가 국내 국민 국방 국정 국제 금융
    기간제 기관 기독교 기사 기술 기업 기존 기획 기후 나머지 남녀 남북 남성 남자 노동 노련한 노조 단독 당사자 당시 당직 도내 도시 도청 두명 마지막 명문 명예 명의 모두 모든 모임 문제 문학 문화 민간
    민생 민영 민주당 반도체 반면 방문 방산 방송 방송국 방송사 방송인 방역 배달 변호사 변화 복귀 복지 부당 부동산 부부 부산시 부인 부처 사건 사내 사람 사법 사실 사업 사이 사진 사찰 사측 사표 사회
    사회자 상당수 상대 상임 서울시 석간 석유 선거 선발 선배 선임 선정 선후배 설명 성실한 성평등 소비자 소설가 소속 소수 송고 승진 신규 신기술 신문 신문사 신임 신입 신참 안내 안보 안전 양심 어느 어떤
    어린이 여기 여러 여성 여자 여행 여행가 여행지 연구 연구원 연금 연령 연예 연예계 연예인 연차 예능 예비 예술 오늘 오랜 오전 오후 우리 우수 우주 원고 원로 원자력 원전 위기 위원 유가 유능한 유럽
    유력 유명 유명한 유사 유일한 유통 유튜버 유튜브 육아 은퇴 은행 은행권 음식 음악 이곳 이날 이들 이라며 이런 이른바 이름 이마트 이미 이민 이번 이번엔 이상 이슈 이어 이용자 이전 이전의 이후 인공
    인구 인권 인근 인기 인터뷰 인턴 임금 임시 임시직 임원 장관 장기 장년 장애 장애인 전국 전기 전날 전달 전담 전력 전문 전문가 전문지 전속 전업 전임 전자 전직 전체 전현직 정규 정규직 정당 정보 정부
    정식 정유 정작 정치 정치인 제보 제약 제작 제작진 제조 조간 조선 조선인 조세 조심 주간 주간지 주거 주니어 주무 주변 주부 주식 주요 주인 주인공 주재 주최 주택 지난 지난해 지망생 지방 지방지 지역
    지역구 지역지 지원 지자체 진료 진보 진실 진짜 진행 차기 차량 차장 채권 채용 천문 천재 최고 최근 최연소 최우수 최종 최초 추가 추모 탁월한 편의점 편집 편집자 표심 표지 피해 피해자 하나 하는 하루
    한국 한국인 한때 한류 한명 한명의 한번 한편 함께 허위 현대 현대차 현역 현장 현재 현지 현지인 현직 형사 호남 호텔 홍보 화물 황사 황색
    """
)

_GUILDS = "인턴|수습|사진|영상|그래픽|선임|객원|시민|명예|취재|편집|촬영|교열|대학생|청년|청소년|어린이|데이터|탐사|여행|수석|대"
_ROLE = re.compile(
    rf"(?:{_GUILDS})*기자|(?:[가-힣]{{2,6}})?전문(?:기자|위원)|특파원|통신원|(?:수석|객원)?논설(?:위원|실장|주간|고문)|주필|편집(?:위원|인|장)"
    r"|해설위원|(?:객원)?칼럼니스트|(?:[가-힣]{2})?평론가|앵커|아나운서|리포터|(?:기상)?캐스터|에디터|PD|피디"
)
LABELS = _words("글 사진 영상 그래픽 취재 정리 대담 인터뷰 진행 구성 편집 제작 촬영 기획 번역 일러스트 삽화")
"""What somebody did for a story, printed before the name: 글/신창윤기자."""

_DESK_STEM = (
    "뉴스|취재|편집|보도|경제|산업|정치|사회|문화|국제|스포츠|연예|온라인|디지털|콘텐츠|이슈|사진|영상|그래픽|데이터|탐사|기획|금융|증권|부동산|유통"
    "|전국|지역|생활|라이프|트렌드|속보|미디어|테크|모바일|논설|오피니언|여론|체육|법조|사건|특별|인터넷|멀티|스팟|증시|바이오|자동차|과학"
)
_DESK = re.compile(rf"(?:{_DESK_STEM}|IT){{1,4}}(?:부|팀|국|실|센터|본부|데스크|룸|반|단)")
_BOT = re.compile(r"로봇|[가-힣A-Za-z]*(?:봇|로봇|[Bb]ot)")

_AGENCIES = _words(
    "연합뉴스 뉴시스 뉴스1 로이터 로이터통신 블룸버그 블룸버그통신 신화통신 교도통신 타스통신 이타르타스통신 ap통신 afp통신 "
    "afp ap reuters upi dpa epa bloomberg xinhua kyodo ansa efe tass pti"
)
_ORGANISATIONS = _words(
    """
    이데일리 뉴스핌 더팩트 한겨레 한겨레21 프레시안 디스패치 미디어오늘 시사인 시사IN 시사저널 텐아시아 한경 매경 한경닷컴 동아닷컴 조선비즈 씨네21 채널A TV조선
    오마이뉴스 허프포스트 KBS MBC SBS EBS JTBC YTN MBN OBS CBS BBS TBS TBC KBC KNN OSEN 스포티비 더벨 데일리안 쿠키뉴스 비즈워치 블로터 일간스포츠
    """
)
_ORGANISATION = re.compile(
    r"[가-힣A-Za-z]*[가-힣A-Za-z](?:신문|일보|뉴스\d{0,2}|데일리|타임스|타임즈|투데이|저널|헤럴드|닷컴|비즈|매거진|인사이트|이코노미|이코노믹|TV)"
    r"|(?:매일|한국|서울|아시아|헤럴드|메트로|아주|내외|브릿지|파이낸셜|글로벌|대한|조선|강원|충청|부산|제주|경남|경북|전남|전북)경제(?:신문|TV)?"
    r"|스포츠(?:조선|동아|경향|서울|월드|한국|투데이)|(?:기독교|불교|교통|평화|극동|국악|중앙|동양)방송"
)

_PLACES = _words(
    """
    서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주 수도권 평양 판문점 국회 청와대 대통령실 용산 여의도 광화문 서초동 과천 독도
    수원 성남 의정부 안양 부천 광명 평택 동두천 안산 고양 구리 남양주 오산 시흥 군포 의왕 하남 용인 파주 이천 안성 김포 화성 양주 포천 여주 연천 가평 양평 분당 판교 일산
    춘천 원주 강릉 동해 태백 속초 삼척 홍천 횡성 영월 평창 정선 철원 화천 양구 인제 고성 양양 청주 충주 제천 보은 옥천 영동 증평 진천 괴산 음성 단양 오송
    천안 공주 보령 아산 서산 논산 계룡 당진 금산 부여 서천 청양 홍성 예산 태안 내포 전주 군산 익산 정읍 남원 김제 완주 진안 무주 장수 임실 순창 고창 부안
    목포 여수 순천 나주 광양 담양 곡성 구례 고흥 보성 화순 장흥 강진 해남 영암 무안 함평 영광 장성 완도 진도 신안 포항 경주 김천 안동 구미 영주 영천 상주 문경 경산 군위
    의성 청송 영양 영덕 청도 고령 성주 칠곡 예천 봉화 울진 울릉 창원 마산 진해 진주 통영 사천 김해 밀양 거제 양산 의령 함안 창녕 남해 하동 산청 함양 거창 합천 서귀포
    워싱턴 뉴욕 런던 파리 베를린 브뤼셀 모스크바 베이징 상하이 도쿄 오사카 후쿠오카 삿포로 홍콩 타이베이 하노이 호찌민 호치민 방콕 자카르타 발리 마닐라 싱가포르 쿠알라룸푸르
    양곤 프놈펜 울란바토르 뉴델리 뭄바이 이슬라마바드 카불 테헤란 바그다드 예루살렘 텔아비브 카이로 두바이 아부다비 리야드 도하 이스탄불 앙카라 아테네 로마 밀라노 바티칸 마드리드
    바르셀로나 리스본 제네바 취리히 빈 프라하 부다페스트 바르샤바 키이우 프랑크푸르트 뮌헨 암스테르담 헤이그 스톡홀름 오슬로 코펜하겐 헬싱키 더블린 보스턴 시카고 애틀랜타 휴스턴
    댈러스 디트로이트 로스앤젤레스 LA 샌프란시스코 실리콘밸리 실리콘벨리 시애틀 라스베이거스 호놀룰루 토론토 밴쿠버 오타와 멕시코시티 상파울루 리우데자네이루 부에노스아이레스
    산티아고 시드니 멜버른 캔버라 나이로비 요하네스버그 광저우 선전 선양 다롄 칭다오 하얼빈 옌볜 단둥 블라디보스토크
    """
)

_WESTERN_WORD = re.compile(r"[A-ZÀ-ÖØ-Þ](?:\.|[A-Za-zÀ-ÖØ-öø-ÿĀ-ſ'’.-]*)")
_PARTICLES = _words("de da di do dos du del della der den des la le van von zu zur ter bin ibn al el y e")
_NO_WESTERN_NAMES = _words(
    """
    a an the and of in on at for from to by with staff reporter reporters writer writers editor editors editorial board desk team news newsroom press times post journal
    herald tribune agency wire service network media daily weekly today online group company corp inc ltd co bureau correspondent correspondents contributor
    contributors columnist photographer photo photos exclusive special guest opinion university institute ministry department office police associated
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
    """
)
